"""What becomes of each test, and of each fixture of wider scope that makes calls."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from ....clock import RealClock
from ....redaction import without_keys
from ....telemetry import EventLog, Owner

if TYPE_CHECKING:
    from types import TracebackType

    import pytest

    from ....app import Instrumentation

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
        self._time = RealClock().wall
        self._begun: Counter[str] = Counter()
        self._courses: dict[Owner, _Course] = {}

    def begin(self, node_id: str) -> int:
        """Count a test that begins; return how often it was begun before."""
        self._begun[node_id] += 1
        return self._begun[node_id] - 1

    def note(self, owner: Owner, report: pytest.TestReport) -> None:
        """Take the report of one stage; after the last one, write the line."""
        if owner not in self._courses:
            # Not `report.start`, which follows a test that moves its time.
            self._courses[owner] = _Course(self._time() - report.duration)
        course = self._courses[owner]
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
    """Return the node id of a test without the group that xdist appends to it, and without keys."""
    plain = f"{item.parent.nodeid}::{item.name}" if item.parent is not None else item.nodeid
    return without_keys(plain if item.nodeid.startswith(f"{plain}@") else item.nodeid)


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


#: pytest makes fixtures of setup_module, setUpClass and their like.
_MADE_BY_PYTEST: Final = re.compile(r"^_(?:xunit|unittest)_(\w+?)_fixture_")


class FixtureScope:
    """Makes a fixture the owner of calls while its own code runs.

    Finalizers run in the order last in, first out: the one added before the set-up runs
    after the fixture's own teardown, the one added behind it runs before.
    """

    def __init__(
        self,
        fixturedef: pytest.FixtureDef[Any],
        instrumentation: Instrumentation,
        phases: Phases,
        *,
        worker: str,
    ) -> None:
        self._fixturedef = fixturedef
        self._instrumentation = instrumentation
        self._phases = phases
        self._loan = ExitStack()
        name = f"fixture:{without_keys(_name(fixturedef.argname))}"
        # Each set-up is a phase of its own: how many a worker makes depends on what it runs.
        self._owner = Owner(phase_id=name, worker=worker, rerun=phases.begin(name), is_fixture=True)

    def __enter__(self) -> Self:
        self._fixturedef.addfinalizer(self._end_teardown)
        self._borrow("setup")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loan.close()
        self._fixturedef.addfinalizer(self._begin_teardown)

    def _begin_teardown(self) -> None:
        self._borrow("teardown")

    def _end_teardown(self) -> None:
        self._loan.close()
        self._instrumentation.recorder.flush(self._owner)
        if self._owner.count:
            self._phases.write_fixture(self._owner)

    def _borrow(self, stage: Any) -> None:
        self._owner.stage = stage
        self._loan.enter_context(self._instrumentation.telemetry.ownership.lent_to(self._owner))


def _name(argname: str) -> str:
    made = _MADE_BY_PYTEST.match(argname)
    return made[1] if made else argname
