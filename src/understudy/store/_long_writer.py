"""Writes the lines of a process that lives long, and brings them into the store meanwhile."""

from __future__ import annotations

import atexit
import os
import platform
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from threading import RLock
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from ..events import EVENT_VERSION, new_id
from ._holds import Holds
from ._location import journal_root
from ._process_lines import WORKER, Plan, ProcessLines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ..clock import Clock
    from ._gather import Price
    from ._records import RunKind


class LongWriter:
    """Takes the lines of a run that is no run of pytest, from any thread.

    A line is on its way to the disk when `append` returns. A thread begins a new part of the
    journal each minute, or after 10,000 lines, and brings the part before into the store, so that
    nobody who appends waits for that. A forked child has a journal and a thread of its own. What a
    killed process leaves behind is merged by the next one that writes to the store.
    """

    def __init__(self, plan: Plan, run: Mapping[str, Any]) -> None:
        self.run_id = plan.run_id
        self._run = run
        self._opened_by = os.getpid()
        self._plan = plan
        self._is_closed = False
        self._beginning = RLock()
        self._processes = {os.getpid(): ProcessLines(plan, plan.run_id)}
        atexit.register(self.close)

    @property
    def dropped(self) -> int:
        """How many lines of this process are lost: neither a journal nor the memory took them."""
        return self._here().dropped

    def append(self, line: bytes) -> bool:
        """Take one line; False where it is lost if the process is killed. Never raises."""
        try:
            return self._here().append(line)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not reach the application
            self._plan.note("writing a journal", f"{type(error).__name__}: {error}")
            return False

    def hold(self, key: str) -> None:
        """Keep an event, or by its key a call, out of the store: more may be told of it."""
        self._here()
        self._plan.holds.hold(key)

    def release(self, key: str) -> None:
        """Let it into the store with the next merge."""
        self._here()
        self._plan.holds.release(key)

    def turn(self) -> None:
        """Do what the thread does when it wakes: rotate and merge, where it is time."""
        self._here().turn()

    def merge(self) -> None:
        """Bring all that this process appended so far into the store."""
        self._here().merge()

    def close(self) -> None:
        """Merge the rest; what is appended later is lost. A second call does nothing."""
        was_closed, self._is_closed = self._is_closed, True
        atexit.unregister(self.close)
        process = self._processes.get(os.getpid())
        if process is not None and not was_closed:
            if process.has_lines and os.getpid() == self._opened_by:
                process.append(to_json({**self._run, "finished": _now(self._plan.clock)}))
            process.close()

    def _here(self) -> ProcessLines:
        """Return what takes the lines of this process: a forked child begins its own."""
        process = self._processes.get(os.getpid())
        return self._forked() if process is None else process

    def _forked(self) -> ProcessLines:
        with self._beginning:
            own = os.getpid()
            if own not in self._processes:
                for each in self._processes.values():
                    each.abandon()
                # Another thread may have held the lock of the parent's, which nobody frees here.
                self._plan = replace(self._plan, holds=Holds(self._plan.clock.now))
                self._processes = {own: ProcessLines(self._plan, f"{self.run_id}.{own}")}
                if self._is_closed:
                    self._processes[own].close()
            return self._processes[own]


def open_long_writer(  # noqa: PLR0913 - the parts of a writer, by keyword
    location: str | Path,
    *,
    kind: RunKind,
    clock: Clock,
    state_folder: Path,
    note: Callable[[str, str], None],
    price: Price | None = None,
    merged: Callable[[], None] | None = None,
    about: Mapping[str, Any] | None = None,
    phase_id: str | None = None,
    run_id: str | None = None,
    lines: int = 10_000,
    seconds: float = 60.0,
) -> LongWriter:
    """Begin a run of a program, a logger's or a gateway's, in the store at a path or URL.

    Args:
        location: of the store, as for `open_store`; it is opened at the first merge.
        kind: what makes the run.
        clock: when parts are due, and when the run began.
        state_folder: where the journals of a store on a server are.
        note: takes a fault: where, in words that fit behind "while", and what.
        price: adds its cost to an event.
        merged: called when lines came into the store, by the thread that brought them.
        about: further fields of the run.
        phase_id: what the events of the run belong to, where they belong to anything.
        run_id: the run's, made up where it is None.
        lines: how many a part of the journal holds at most.
        seconds: how old it gets.

    Raises:
        SettingsError: the location makes no sense.
    """
    root = journal_root(location, state_folder=state_folder)
    run_id = run_id or new_id()
    run = _run_line(run_id, kind, clock, about or {})
    phase = {"kind": "phase", "run_id": run_id, "phase_id": phase_id, "worker": WORKER}
    opening = [run] if phase_id is None else [run, {**phase, "started": run["started"]}]
    plan = Plan(
        location=location,
        root=root,
        run_id=run_id,
        opening=tuple(map(to_json, opening)),
        clock=clock,
        note=note,
        price=price,
        merged=merged,
        holds=Holds(clock.now),
        lines=lines,
        seconds=seconds,
    )
    return LongWriter(plan, run)


def _run_line(run_id: str, kind: RunKind, clock: Clock, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line that says which run this is, where, and since when."""
    return {
        "kind": "run",
        "run_kind": kind,
        "run_id": run_id,
        "started": _now(clock),
        "python_version": platform.python_version(),
        "understudy_version": version("pytest-understudy"),
        "event_version": EVENT_VERSION,
        "platform": platform.platform(),
        **about,
    }


def _now(clock: Clock) -> str:
    return datetime.fromtimestamp(clock.wall(), UTC).isoformat()
