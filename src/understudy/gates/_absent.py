"""What the baseline knows and the run did not show."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ._finding import Finding, Verdict, how_to_accept
from ._run import FIXTURE, FIXTURES, RanTest, RunFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._metric import Figures
    from .baseline import Baseline, Recorded


class Absences:
    """Says what became of recorded tests that have no figures to compare.

    `is_whole` tells whether the run left out no module of the baseline.
    """

    def __init__(
        self, baseline: Baseline, figures: Mapping[str, Figures], run_facts: RunFacts
    ) -> None:
        self._run_facts = run_facts
        self._new = [each for name, each in figures.items() if name not in baseline.tests]
        known = run_facts.complete | run_facts.gone
        self.is_whole = all(
            each.module in known
            for name, each in baseline.tests.items()
            if not name.startswith(FIXTURE)
        )

    def explain(self, recorded: Recorded) -> Finding | None:
        """Return the verdict on a test without figures; None where nobody asked for it."""
        subject = recorded.subject
        if subject.startswith(FIXTURE):
            return self._missing(recorded, "no test used it") if self.is_whole else None
        test = self._run_facts.tests.get(subject)
        if test is not None:
            return _not_counted(test) or self._missing(recorded, _idle(test))
        if recorded.module in self._run_facts.gone:
            return self._missing(recorded, f"{recorded.module} is no longer there")
        if recorded.module in self._run_facts.complete:
            return self._missing(recorded, f"{recorded.module} no longer holds it")
        return None

    def _missing(self, recorded: Recorded, why: str) -> Finding:
        successor = self._successor(recorded)
        hint = f"; renamed to {successor}? Its figures are the same" if successor else ""
        module = "" if recorded.module in {FIXTURES, *self._run_facts.gone} else recorded.module
        return Finding(
            verdict=Verdict.MISSING,
            subject=recorded.subject,
            reason=f"in the baseline, and {why}{hint}",
            advice=how_to_accept(module),
        )

    def _successor(self, recorded: Recorded) -> str | None:
        """Return the new test that does what this one did, the nearest in name."""
        models, name = recorded.models, recorded.subject
        alike = [each.subject for each in self._new if models and each.models == models]
        return max(alike, key=lambda each: SequenceMatcher(None, name, each).ratio(), default=None)


def _not_counted(test: RanTest) -> Finding | None:
    """Return the verdict on a test that failed: the run is red by itself."""
    if not test.has_failed:
        return None
    return Finding(
        verdict=Verdict.INCONCLUSIVE,
        subject=test.node_id,
        reason="the test failed, so its figures were not compared",
        advice="make the test pass",
    )


def _idle(test: RanTest) -> str:
    if test.has_passed:
        return "it made no LLM call that was recorded"
    return f"it was {test.outcome}" + (f" ({test.remark})" if test.remark else "")
