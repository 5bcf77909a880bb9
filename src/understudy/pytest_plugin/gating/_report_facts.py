"""What the controller hears of tests, on their reports, and of collection, from its workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from ...gates import RanTest, RunFacts, module_of
from ...gates.policy import read_rules
from .._workers import KEY
from ._collection_facts import ATTRIBUTE, FACTS, skip_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...gates import Metric
    from ...settings import Settings
    from ...store import Phase


@dataclass(slots=True)
class _ReportedTest:
    """What the reports of a test said."""

    location: tuple[str, int | None, str]
    markers: tuple[str, ...] = ()
    thresholds: dict[str, Any] = field(default_factory=dict)
    remark: str = ""


class ReportFacts:
    """Collects facts while the tests run."""

    def __init__(self) -> None:
        self.tests: dict[str, _ReportedTest] = {}
        self._collected: list[dict[str, Any]] = []
        self._own_ids: dict[str, str] = {}

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note where a test stands, its markers and why it was skipped."""
        test_facts = getattr(report, ATTRIBUTE, None)
        if test_facts is not None:
            self._own_ids[report.nodeid] = test_facts["node_id"]
            self.tests[test_facts["node_id"]] = _ReportedTest(
                location=report.location,
                markers=tuple(test_facts["markers"]),
                thresholds=test_facts["thresholds"],
            )
        reported = self.tests.get(self._own_ids.get(report.nodeid, report.nodeid))
        if reported is not None and report.skipped:
            reported.remark = _remark(report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what an xdist worker knows of collection; one that crashed says nothing."""
        collected = getattr(node, "workeroutput", {}).get(KEY, {}).get(FACTS)
        if collected is not None:
            self._collected.append(collected)

    def take(self, collected: dict[str, Any]) -> None:
        """Take what this process collected itself."""
        self._collected.append(collected)

    def run_facts(
        self,
        phases: Iterable[Phase],
        metrics: Mapping[str, Metric],
        settings: Settings,
        *,
        known: Iterable[str],
        gone: frozenset[str],
    ) -> RunFacts:
        """Return the facts of the run; `known` are the tests of the baseline.

        Workers collect alike, so what one of them lacks was not complete.
        """
        complete = [set(each["complete"]) for each in self._collected]
        skipped = {
            module: why for each in self._collected for module, why in each["skipped"].items()
        }
        tests = {
            name: _skipped(name, skipped[module_of(name)])
            for name in known
            if module_of(name) in skipped
        }
        for phase in phases:
            before = tests.get(phase.phase_id)
            if "::" in phase.phase_id and (before is None or phase.rerun >= (before.rerun or 0)):
                tests[phase.phase_id] = self._ran(phase, metrics)
        return RunFacts(
            tests=tests,
            complete=frozenset(set.intersection(*complete)) if complete else frozenset(),
            gone=gone,
            profile=settings.profile if settings.outranks_marker("profile") else None,
            replay_speed=settings.replay_speed,
        )

    def _ran(self, phase: Phase, metrics: Mapping[str, Metric]) -> RanTest:
        reported = self.tests.get(phase.phase_id)
        if reported is None:
            return RanTest(node_id=phase.phase_id, outcome=phase.outcome, rerun=phase.rerun)
        path, line, _ = reported.location
        return RanTest(
            node_id=phase.phase_id,
            outcome=phase.outcome,
            rerun=phase.rerun,
            markers=reported.markers,
            rules=read_rules(reported.thresholds, metrics, where=f"llm_gate of {phase.phase_id}"),
            path=path,
            line=None if line is None else line + 1,
            remark=reported.remark,
        )


def _skipped(node_id: str, why: str) -> RanTest:
    return RanTest(node_id=node_id, outcome="skipped", remark=why)


def _remark(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return str(report.wasxfail).removeprefix("reason: ")
    return skip_reason(report.longrepr)
