"""What became of each test, and of each wide fixture that made calls."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pytest

    from ....telemetry import EventLog, Owner

#: The property of a test's report that says how it fared with its cassette.
CASSETTE_VERDICT: Final = "llm.cassette_verdict"
#: From the best to the worst.
_OUTCOMES: Final = ("passed", "xpassed", "xfailed", "skipped", "failed", "error")


@dataclass(slots=True)
class _Course:
    """How a test went so far: the outcome and the seconds of each stage.

    Subtests report on a stage before their test does: its report counts, but a failed
    subtest fails the test.
    """

    began_at: float
    outcomes: dict[str, str] = field(default_factory=dict)
    durations: dict[str, float] = field(default_factory=dict)

    def note(self, report: pytest.TestReport) -> None:
        if self.outcomes.get(report.when) != "failed":
            self.outcomes[report.when] = _outcome(report)
        self.durations[report.when] = report.duration

    def summary(self) -> dict[str, Any]:
        return {
            "outcome": max(self.outcomes.values(), key=_OUTCOMES.index),
            "started": datetime.fromtimestamp(self.began_at, UTC).isoformat(),
            "duration_ms": round(sum(self.durations.values()) * 1000, 3),
        }


class Phases:
    """Writes one line for each test that ended, with its worst outcome."""

    def __init__(self, event_log: EventLog) -> None:
        self._event_log = event_log
        self._begun: Counter[str] = Counter()
        self._courses: dict[Owner, _Course] = {}

    def begin(self, node_id: str) -> int:
        """Count a test that begins; return how often it was begun before."""
        self._begun[node_id] += 1
        return self._begun[node_id] - 1

    def note(self, owner: Owner, report: pytest.TestReport) -> None:
        """Take the report of one stage; after the last one, write the line."""
        course = self._courses.setdefault(owner, _Course(report.start))
        course.note(report)
        if report.when == "teardown":
            del self._courses[owner]
            module = report.nodeid.partition("::")[0]
            verdict = dict(report.user_properties).get(CASSETTE_VERDICT)
            told = {} if verdict is None else {"cassette_verdict": verdict}
            self._event_log.write({**_key(owner), "module": module, **course.summary(), **told})

    def write_fixture(self, owner: Owner) -> None:
        """Write the line of a wide fixture."""
        self._event_log.write(_key(owner))


def own_node_id(item: pytest.Item) -> str:
    """Return the node id of a test without the group that xdist appends to it."""
    plain = f"{item.parent.nodeid}::{item.name}" if item.parent is not None else item.nodeid
    return plain if item.nodeid.startswith(f"{plain}@") else item.nodeid


def _key(owner: Owner) -> dict[str, Any]:
    return {
        "kind": "phase",
        "phase_id": owner.phase_id,
        "worker": owner.worker,
        "rerun": owner.rerun,
    }


def _outcome(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    return "skipped" if report.skipped else "passed"
