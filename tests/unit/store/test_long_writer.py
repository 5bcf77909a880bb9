"""Lines of a process that lives long, on their way into the store."""

from __future__ import annotations

import signal
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.old_stores import old_store
from tests.unit.durable.other_process import other_process, run_python
from tests.unit.store.samples import NOON, call, event_line
from tests.unit.store.samples import line as record

from understudy.clock import RealClock
from understudy.events import CallKeys
from understudy.lifecycle import generation_completed
from understudy.store import LongWriter, Run, journal_root, open_long_writer, open_store

if TYPE_CHECKING:
    from pathlib import Path


class HeldClock(RealClock):
    """The machine's time of day, and seconds that only a test moves."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = 0.0
        self.now = lambda: self.moment


class Rig:
    """A writer over a clock that stands still, and what it says went wrong."""

    def __init__(self, db: Path) -> None:
        self.db = db
        self.clock = HeldClock()
        self.notes: list[tuple[str, str]] = []
        self.root = journal_root(db, state_folder=db.parent)

    def open(self, **more: Any) -> LongWriter:
        """Begin a run of a program."""
        options = {"kind": "logger", "clock": self.clock, "state_folder": self.db.parent, **more}
        return open_long_writer(self.db, note=lambda *note: self.notes.append(note), **options)

    def stored(self) -> list[str]:
        """Return the ids of all events in the store."""
        if not self.db.exists():
            return []
        with open_store(self.db, create=False) as store:
            return sorted(e.event_id for run in store.runs() for e in store.events(run.run_id))

    def run(self) -> Run:
        """Return the one run in the store."""
        with open_store(self.db, create=False) as store:
            (run,) = store.runs()
        return run


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    """A place for a store."""
    return Rig(tmp_path / "telemetry.db")


def line(writer: LongWriter, event_id: str) -> bytes:
    """Return the line of a call."""
    return event_line(call(event_id=event_id, run_id=writer.run_id))


def test_a_minute_later_the_calls_are_in_the_store_and_the_run_goes_on(rig: Rig) -> None:
    """Its part is gone, the next one is there."""
    writer = rig.open()
    writer.append(line(writer, "a"))
    writer.turn()
    assert rig.stored() == []

    rig.clock.moment = 60.0
    writer.turn()

    assert rig.stored() == ["a"]
    assert rig.run().kind == "logger"
    assert rig.run().finished is None
    assert [path.name for path in rig.root.rglob("*.jsonl")] == ["main.000002.jsonl"]
    writer.close()


def test_it_is_told_when_lines_came_into_the_store(rig: Rig) -> None:
    """After each merge, and of none at the end where nothing is new; a fault there is noted."""
    seen: list[list[str]] = []

    def merged() -> None:
        seen.append(rig.stored())
        raise LookupError

    writer = rig.open(merged=merged)
    for name in "ab":
        writer.append(line(writer, name))
        assert len(seen) == "ab".index(name)
        rig.clock.moment += 61
        writer.turn()
    writer.append(line(writer, "c"))
    writer.close()

    assert seen == [["a"], ["a", "b"], ["a", "b", "c"]]
    assert {where for where, _ in rig.notes} == {"telling of a merge"}


def test_a_full_part_is_merged_by_the_thread(rig: Rig) -> None:
    """Nobody has to ask."""
    writer = rig.open(lines=3)
    merged = Event()
    writer._here()._merge = lambda **_: merged.set()  # type: ignore[method-assign]

    for name in "abc":
        writer.append(line(writer, name))

    assert merged.wait(10)
    writer.close()


def test_the_end_merges_the_rest(rig: Rig) -> None:
    """And leaves no folder; when the run ended is stored."""
    writer = rig.open()
    writer.append(line(writer, "a"))
    writer.close()
    writer.close()

    assert rig.stored() == ["a"]
    assert rig.run().finished is not None
    assert list(rig.root.iterdir()) == []
    assert rig.notes == []


def test_who_writes_nothing_leaves_nothing(rig: Rig) -> None:
    """No store, no run."""
    rig.open().close()

    assert not rig.db.exists()
    assert list(rig.root.iterdir()) == []


def test_what_was_appended_can_be_asked_for(rig: Rig) -> None:
    """Whoever reads his own writes merges first."""
    writer = rig.open()
    writer.append(line(writer, "a"))

    writer.merge()

    assert rig.stored() == ["a"]
    writer.close()


def test_a_store_that_cannot_be_written_is_tried_again(rig: Rig) -> None:
    """A minute later, then two; meanwhile the journals keep it all."""
    rig.db.write_text("no database")
    rig.db = rig.db.rename(rig.db.with_name("notes.txt"))
    writer = rig.open()
    writer.append(line(writer, "a"))
    rig.clock.moment = 60.0
    writer.turn()
    assert [place for place, _ in rig.notes] == ["bringing a journal into the store"]
    rig.db.unlink()

    rig.clock.moment = 119.0
    writer.turn()
    assert rig.stored() == []
    rig.clock.moment = 120.0
    writer.turn()

    assert rig.stored() == ["a"]
    writer.close()


def test_a_part_that_cannot_be_followed_goes_on(rig: Rig) -> None:
    """What is in it is merged at the end; the thread tries again, but not all the time."""
    writer = rig.open(lines=2)
    folder = rig.root / writer.run_id
    folder.rename(rig.root / "moved")
    folder.write_text("")
    for name in "abc":
        assert writer.append(line(writer, name))
    writer.turn()
    assert writer._here()._is_stuck
    folder.unlink()
    (rig.root / "moved").rename(folder)

    writer.close()

    assert rig.stored() == ["a", "b", "c"]
    assert {place for place, _ in rig.notes} == {"writing a journal"}


def test_lines_that_no_journal_takes_wait_in_memory(rig: Rig) -> None:
    """As where their folder cannot be made."""
    rig.root.write_text("no folder")
    writer = rig.open()
    assert "there is none below" in rig.notes[0][1]
    writer.append(line(writer, "a"))

    writer.close()

    assert rig.stored() == ["a"]


def test_a_line_after_the_end_is_dropped_and_counted(rig: Rig) -> None:
    """It raises nothing."""
    writer = rig.open()
    writer.close()

    writer.append(b"late")

    assert writer.dropped == 1


def test_nobody_who_appends_waits_for_a_merge(rig: Rig) -> None:
    """Another process holds the store locked; the merge waits for it, the calls do not."""
    writer = rig.open(lines=2)
    open_store(rig.db).close()
    with closing(sqlite3.connect(rig.db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(20):
            writer.append(line(writer, f"{number:02}"))
        assert rig.notes == []  # no merge has come to an end
        other.execute("COMMIT")
    writer.close()

    assert rig.stored() == [f"{number:02}" for number in range(20)]


WRITING = """
import os, sys, time
from pathlib import Path
from tests.unit.store.samples import call, event_line
from understudy.clock import RealClock
from understudy.store import open_long_writer

db = Path(sys.argv[1])
options = {"kind": "logger", "clock": RealClock(), "state_folder": db.parent}
writer = open_long_writer(db, note=print, lines=4, **options)

def write(*names):
    for name in names:
        writer.append(event_line(call(event_id=name, run_id=writer.run_id)))
"""


def test_a_program_that_ends_has_everything_in_the_store(rig: Rig) -> None:
    """Though nobody closed the writer."""
    assert run_python(f"{WRITING}\nwrite(*'abc')", rig.db) == ""

    assert rig.stored() == ["a", "b", "c"]
    assert rig.run().finished is not None


def test_a_killed_program_loses_no_line(rig: Rig) -> None:
    """The next one that writes to the store merges what it left behind."""
    script = f"{WRITING}\nwrite(*'abcdefghij')\nprint('go', flush=True)\ninput()"
    with other_process(script, rig.db) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()

    writer = rig.open()
    writer.close()

    assert rig.stored() == list("abcdefghij")
    assert rig.run().kind == "logger"
    assert list(rig.root.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_a_forked_child_writes_into_the_same_run(rig: Rig) -> None:
    """One that ends merges its own; what `os._exit` leaves behind the parent's next merge takes."""
    run_python(
        f"""{WRITING}
write("before")
for leave in (sys.exit, os._exit):
    child = os.fork()
    if child == 0:
        write(f"child of {{leave.__name__}}")
        leave(0)
    os.waitpid(child, 0)
write("after")
""",
        rig.db,
    )

    assert rig.stored() == ["after", "before", "child of _exit", "child of exit"]
    assert rig.run().kind == "logger"
    assert list(rig.root.iterdir()) == []


def test_lines_of_a_dead_run_are_priced_too(rig: Rig) -> None:
    """Whoever merges prices."""
    writer = rig.open(price=lambda event: event.model_copy(update={"cost_nanousd": 7}))
    writer.append(line(writer, "a"))
    writer.close()

    with open_store(rig.db) as store:
        (event,) = store.events(writer.run_id)
    assert vars(event)["cost_nanousd"] == 7
    assert event.ts == NOON


def test_a_call_of_which_more_may_be_told_waits_for_it(rig: Rig) -> None:
    """What is added to it later stands in another part; nothing else waits."""
    writer = rig.open()
    writer.hold("a")
    for name in "ab":
        writer.append(line(writer, name))
    writer.merge()
    assert rig.stored() == ["b"]

    writer.append(more("a", lines_emitted=7))
    writer.release("a")
    writer.merge()

    with open_store(rig.db) as store:
        events = {e.event_id: vars(e) for e in store.events(writer.run_id)}
    assert events["a"]["lines_emitted"] == 7
    assert [path.name for path in rig.root.rglob("*.jsonl")] == ["main.000003.jsonl"]
    writer.close()


def test_what_waits_is_merged_though_nothing_more_is_told(rig: Rig) -> None:
    """A minute after it was let go of, without a further line."""
    writer = rig.open()
    writer.hold("a")
    writer.append(line(writer, "a"))
    rig.clock.moment = 60.0
    writer.turn()
    assert rig.stored() == []

    writer.release("a")
    rig.clock.moment = 120.0
    writer.turn()

    assert rig.stored() == ["a"]
    writer.close()


def test_what_waits_is_left_behind_whole(rig: Rig) -> None:
    """A killed process's call, and what it was told of it in a later part."""
    writer = rig.open()
    writer.hold("a")
    writer.append(line(writer, "a"))
    writer.merge()
    writer.append(more("a", lines_emitted=7))

    kill(writer)
    rig.open().close()

    with open_store(rig.db) as store:
        (event,) = store.events(writer.run_id)
    assert vars(event)["lines_emitted"] == 7
    assert list(rig.root.iterdir()) == []


def test_a_prediction_is_settled_by_a_call_of_a_later_part(rig: Rig) -> None:
    """It waits until its call is answered."""
    writer = rig.open(phase_id="recording:app")
    place = {"run_id": writer.run_id, "phase_id": "recording:app"}
    writer.hold(CallKeys.of("call").prediction)
    fields = {"estimate_id": "e", "ts": NOON.isoformat(), "predicted_output_tokens": 5}
    writer.append(record("estimate", call_id="call", **fields, **place))
    writer.merge()
    writer.append(event_line(call(event_id="a", output_tokens=10, **place)))
    writer.release(CallKeys.of("call").prediction)
    writer.close()

    with open_store(rig.db) as store:
        (estimate,) = store.estimates()
    assert estimate.actual_output_tokens == 10
    assert rig.notes == []


def test_an_operation_costs_what_its_calls_cost_that_were_merged_before(rig: Rig) -> None:
    """They are looked up."""
    writer = rig.open(price=lambda event: event.model_copy(update={"cost_nanousd": 7}))
    writer.append(line(writer, "a"))
    writer.merge()
    writer.append(line(writer, "b"))
    done = generation_completed(success=True).model_dump(mode="json", exclude_none=True)
    stamp = {"event_id": "op", "ts": NOON.isoformat(), "run_id": writer.run_id}
    writer.append(record("lifecycle", cost_of=["a", "b"], **{**done, **stamp}))
    writer.close()

    with open_store(rig.db) as store:
        (event,) = store.lifecycle(writer.run_id)
    assert vars(event)["cost_nanousd"] == 14


def more(event_id: str, **fields: Any) -> bytes:
    """Return the line that adds to a call."""
    return record("annotation", event_id=event_id, **fields)


def kill(writer: LongWriter) -> None:
    """Let go of everything as the system does when a process dies, and do nothing else."""
    lines = writer._here()
    lines._ending.set()
    lines._wake.set()
    lines._thread.join()
    assert lines._journal is not None
    lines._journal._part.close()
    lines.abandon()


def test_an_old_store_is_migrated_once_by_two_programs_at_a_time(rig: Rig) -> None:
    """Under the lock that a controller holds meanwhile."""
    old_store(rig.db, 4)
    writers = [rig.open(), rig.open()]
    for name, writer in zip("ab", writers, strict=True):
        writer.append(line(writer, name))

    with ThreadPoolExecutor() as pool:
        list(pool.map(LongWriter.close, writers))

    assert rig.stored() == ["a", "b"]
    assert rig.notes == []
