"""What the controller hears of tests, on their reports, and of collection, from its workers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from ....gates import Metric, RanTest, RunFacts, module_of, ran_tests
from ....gates.policy import read_rules
from ..._skip_reason import skip_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pytest

    from ....gates.baseline import Baseline
    from ....settings import Settings
    from ....store import Phase

#: Where the first report of a test carries what the gate wants to know of it.
ATTRIBUTE: Final = "understudy_gate"


@dataclass(slots=True)
class _ReportedTest:
    """What the reports of a test said."""

    location: tuple[str, int | None, str]
    markers: tuple[str, ...] = ()
    thresholds: dict[str, Any] = field(default_factory=dict)
    remark: str = ""


class ReportFacts:
    """Collects facts while the tests run."""

    def __init__(self, metrics: Mapping[str, Metric]) -> None:
        self._metrics = metrics
        self._tests: dict[str, _ReportedTest] = {}
        self._collected: list[dict[str, Any]] = []
        self._own_ids: dict[str, str] = {}

    def note(self, report: pytest.TestReport) -> None:
        """Note where a test stands, its markers and why it was skipped."""
        test_facts = getattr(report, ATTRIBUTE, None)
        if test_facts is not None:
            self._own_ids[report.nodeid] = test_facts["node_id"]
            self._tests[test_facts["node_id"]] = _ReportedTest(
                location=report.location,
                markers=tuple(test_facts["markers"]),
                thresholds=test_facts["thresholds"],
            )
        reported = self._tests.get(self._own_ids.get(report.nodeid, report.nodeid))
        if reported is not None and report.skipped:
            reported.remark = _remark(report)

    def take(self, collected: dict[str, Any]) -> None:
        """Take what was collected in one process."""
        self._collected.append(collected)

    def run_facts(
        self,
        phases: Iterable[Phase],
        settings: Settings,
        *,
        baseline: Baseline,
        gone: frozenset[str],
    ) -> RunFacts:
        """Return the facts of the run.

        Workers collect alike, so what one of them lacks was not complete.
        """
        complete = [set(each["complete"]) for each in self._collected]
        skipped = {
            module: why for each in self._collected for module, why in each["skipped"].items()
        }
        unseen = {
            name: RanTest(node_id=name, outcome="skipped", remark=skipped[module_of(name)])
            for name in baseline.tests
            if module_of(name) in skipped
        }
        seen = {name: self._with_reports(test) for name, test in ran_tests(phases).items()}
        was_asked_for = settings.sources.get("profile") not in {None, "default", "configuration"}
        return RunFacts(
            tests=unseen | seen,
            complete=frozenset(set.intersection(*complete)) if complete else frozenset(),
            gone=gone,
            profile=settings.profile if was_asked_for else None,
            replay_speed=settings.replay_speed,
        )

    def _with_reports(self, test: RanTest) -> RanTest:
        """Return a test with what its reports said besides."""
        reported = self._tests.get(test.node_id)
        if reported is None:
            return test
        path, line, _ = reported.location
        where = f"llm_gate of {test.node_id}"
        return replace(
            test,
            markers=reported.markers,
            rules=read_rules(reported.thresholds, self._metrics, where=where),
            path=path,
            line=None if line is None else line + 1,
            remark=reported.remark,
        )


def _remark(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return str(report.wasxfail).removeprefix("reason: ")
    return skip_reason(report.longrepr)
