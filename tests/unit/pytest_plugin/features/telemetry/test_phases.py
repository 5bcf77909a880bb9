"""What became of each test."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

import pytest
from tests.unit.telemetry.samples import KeptLines

from understudy.clock import utc_now
from understudy.pytest_plugin.features.telemetry._phases import Phases
from understudy.telemetry import EventLog, FaultLog, Owner

NODE = "folder/test_it.py::TestIt::test_it"


def told(*reports: pytest.TestReport) -> dict[str, Any]:
    """Tell of the reports of one test; return its line."""
    lines = KeptLines()
    phases = Phases(EventLog(lines, run_id="run", faults=FaultLog()))
    owner = Owner(NODE, worker="gw1", rerun=phases.begin(NODE))
    for report in reports:
        phases.note(owner, report)
    (line,) = lines.read
    return line


def report(
    when: Literal["setup", "call", "teardown"],
    outcome: Any = "passed",
    *,
    start: float = 1000.0,
    duration: float = 0.25,
    **more: Any,
) -> pytest.TestReport:
    """Return the report of one stage."""
    return pytest.TestReport(
        nodeid=NODE,
        location=("test_it.py", 1, "test_it"),
        keywords={},
        outcome=outcome,
        longrepr=None,
        when=when,
        start=start,
        duration=duration,
        **more,
    )


def test_a_test_is_one_line() -> None:
    """Its beginning is that of its set-up, its duration that of all stages.

    Where it moved its time, pytest says that it began in that time.
    """
    began = utc_now()

    line = told(
        report("setup", start=-1000), report("call", start=1001), report("teardown", start=1002)
    )

    started = datetime.fromisoformat(line.pop("started"))
    assert abs(started - (began - timedelta(seconds=0.25))) < timedelta(seconds=5)
    assert line == {
        "kind": "phase",
        "phase_id": NODE,
        "worker": "gw1",
        "rerun": 0,
        "module": "folder/test_it.py",
        "outcome": "passed",
        "duration_ms": 750,
    }


@pytest.mark.parametrize(
    ("setup", "call", "teardown", "outcome"),
    [
        ("passed", "passed", "passed", "passed"),
        ("passed", "failed", "passed", "failed"),
        ("passed", "passed", "failed", "error"),
        ("passed", "failed", "failed", "error"),
        ("failed", None, "passed", "error"),
        ("skipped", None, "passed", "skipped"),
        ("passed", "skipped", "passed", "skipped"),
        ("passed", "skipped", "failed", "error"),
        ("passed", "retried", "passed", "passed"),
    ],
)
def test_the_worst_stage_decides(setup: str, call: str | None, teardown: str, outcome: str) -> None:
    """A failure outside the test's own code is an error; words of other plugins are none."""
    calls = [] if call is None else [report("call", call)]

    assert told(report("setup", setup), *calls, report("teardown", teardown))["outcome"] == outcome


@pytest.mark.parametrize(
    ("outcome", "expected"), [("skipped", "xfailed"), ("passed", "xpassed"), ("failed", "failed")]
)
def test_an_expected_failure(outcome: str, expected: str) -> None:
    """Strict ones have no `wasxfail` when they fail."""
    more: dict[str, Any] = {} if outcome == "failed" else {"wasxfail": "reason"}

    line = told(report("setup"), report("call", outcome, **more), report("teardown"))

    assert line["outcome"] == expected


@pytest.mark.parametrize(
    ("subtest", "outcome"), [("passed", "passed"), ("skipped", "passed"), ("failed", "failed")]
)
def test_subtests_report_before_their_test(subtest: str, outcome: str) -> None:
    """Their time is in the test's; a failed one fails it."""
    line = told(
        report("setup", duration=0),
        report("call", subtest, duration=0.1),
        report("call", duration=0.5),
        report("teardown", duration=0),
    )

    assert (line["outcome"], line["duration_ms"]) == (outcome, 500)


def test_reruns_are_counted_by_node() -> None:
    """From 0, each test for itself."""
    phases = Phases(EventLog(KeptLines(), run_id="run", faults=FaultLog()))

    assert [phases.begin(node) for node in ("a", "a", "b", "a")] == [0, 1, 0, 2]


def test_a_wide_fixture_is_only_named() -> None:
    """It has neither outcome nor duration."""
    lines = KeptLines()

    Phases(EventLog(lines, run_id="run", faults=FaultLog())).write_fixture(Owner("fixture:f"))

    assert lines.read == [{"kind": "phase", "phase_id": "fixture:f", "worker": "main", "rerun": 0}]
