"""From findings to a verdict and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from typing import TYPE_CHECKING

from .._number_format import counted
from .._verdict import Verdict
from ._group import bounded_exp
from ._report import NoisyVerdict

if TYPE_CHECKING:
    from ._comparison import Comparison
    from ._report import SuiteShift
    from ._result import NoisyResult


@dataclass(frozen=True, slots=True)
class Judged:
    """One test, what was found of it in both directions, and what could have been.

    `words` are what worse and better is called.
    """

    test: Comparison
    slower: NoisyResult
    faster: NoisyResult
    mde_percent: float
    words: tuple[str, str]

    @property
    def needs_rerun(self) -> bool:
        """Whether it is flagged and nothing was run since."""
        return self.slower.is_flagged and not self.slower.is_confirmed

    def verdict(
        self, *, margin: float, max_mde_percent: float | None, suite: SuiteShift | None
    ) -> NoisyVerdict:
        """Return the verdict. A test that fails on its own fails, whatever the suite does."""
        verdict, reason = self._decide(margin, max_mde_percent, suite)
        is_improved = verdict is Verdict.IMPROVED
        found = self.faster if is_improved else self.slower
        difference = found.evidence.difference
        return NoisyVerdict(
            self.test.key,
            verdict,
            reason,
            ratio=bounded_exp(-difference if is_improved else difference),
            p=found.evidence.p,
            q=found.q,
            mde_percent=self.mde_percent,
            needs_rerun=self.needs_rerun,
        )

    def _decide(
        self, margin: float, max_mde_percent: float | None, suite: SuiteShift | None
    ) -> tuple[Verdict, str]:
        worse, better = self.words
        if self.slower.is_proven:
            return Verdict.FAIL, f"{worse} by more than {100 * margin:g} %, {self._runs()}"
        is_beyond = self.slower.evidence.difference > log1p(margin)
        if self.needs_rerun:
            return Verdict.INCONCLUSIVE, f"looks {worse}; only fresh runs can tell"
        if is_beyond and suite is not None and suite.is_slower:
            moved = f"{100 * (suite.ratio - 1):+.1f} %"
            return Verdict.SUITE_SHIFT, f"not by itself, but the whole suite is {worse}: {moved}"
        doubt = self._doubt(max_mde_percent, is_beyond=is_beyond)
        if self.faster.is_proven:
            return Verdict.IMPROVED, f"{better} by more than {100 * margin:g} %"
        if doubt:
            return Verdict.INCONCLUSIVE, doubt
        return Verdict.PASS, f"looked {worse}, not so {self._runs()}" * self.slower.is_confirmed

    def _doubt(self, max_mde_percent: float | None, *, is_beyond: bool) -> str:
        """Say why it cannot pass, if so."""
        if self.slower.is_confirmed and is_beyond:
            return f"looks {self.words[0]} {self._runs()} too, but that is no proof"
        if max_mde_percent is not None and self.mde_percent > max_mde_percent:
            return f"too noisy: would find no less than {self.mde_percent:+.0f} %"
        return ""

    def _runs(self) -> str:
        if self.slower.is_confirmed and self.test.confirm:
            return f"in {counted(len(self.test.confirm.figures), 'fresh run')}"
        return f"in {counted(len(self.test.candidate.figures), 'run')}"
