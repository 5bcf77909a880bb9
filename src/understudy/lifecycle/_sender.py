"""Sends events where no pytest runs."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from weakref import finalize

from .. import telemetry
from ..clock import RealClock, utc_now
from ..durable import Journal, RunJournals, claim_leftovers, journal_path, state_folder
from ..events import new_id
from ..pricing import Prices, price_book
from ..store import journal_root, merge_journals
from ..telemetry.sinks import Deliveries, close_sinks, open_sinks, sink_factories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..events.lifecycle import LifecycleEvent

#: How long the end of a process may take, in seconds.
EXIT_SECONDS: Final = 2.0


class LifecycleSender:
    """Sends the lifecycle events of a program: to sinks, and into a store.

    A context manager; `lifecycle.send` and operations inside find it, in whichever thread. Sinks
    are objects, or words as for `--llm-sink` (`jsonl:events.jsonl`). Events reach the store, a
    path or a URL, when the sender is closed, at the latest when the program ends; those of a
    process that was killed when the next one closes.

    Raises:
        ValueError: something is no sink.
        SettingsError: a sink or the store cannot be used.
        JournalError: the journal beside the store cannot be opened.
    """

    def __init__(
        self, *, sinks: Iterable[telemetry.Sink | str] = (), store: str | Path | None = None
    ) -> None:
        self._faults = telemetry.LoggedFaults()
        with ExitStack() as undo:
            self._sinks = _opened(sinks)
            undo.callback(close_sinks, self._sinks, timeout=0)
            self._store = None if store is None else _StoreLines(store, self._faults)
            undo.pop_all()
        self._telemetry = self._make_telemetry()
        self._active = ExitStack()
        self._end = finalize(self, self._ending(), EXIT_SECONDS)

    @property
    def faults(self) -> list[str]:
        """What went wrong so far, one line for each kind; the first of it is logged, too."""
        return self._faults.lines()

    def send(self, event: LifecycleEvent) -> bool:
        """Send an event; False where it was not taken."""
        return self._end.alive and self._telemetry.lifecycle.send(event)

    def close(self, timeout: float = EXIT_SECONDS) -> None:
        """Send and store what is left, the former in at most so many seconds.

        A second call does nothing.
        """
        self._active.close()
        if self._end.detach() is not None:
            self._ending()(timeout)

    def _ending(self) -> Callable[[float], None]:
        """Return what ends it, and knows nothing of it."""
        return partial(_end, self._sinks, self._store, self._faults)

    def _make_telemetry(self) -> telemetry.Telemetry:
        prices = price_book(Prices())
        event_log = telemetry.EventLog(
            telemetry.NullWriter() if self._store is None else self._store.lines,
            run_id=new_id() if self._store is None else self._store.run_id,
            faults=self._faults,
            listeners=tuple(telemetry.SinkListener(sink, prices) for sink in self._sinks),
        )
        return telemetry.Telemetry(
            event_log=event_log,
            ownership=telemetry.Ownership(telemetry.Owner()),
            clock=RealClock(),
            prices=prices,
        )

    def __enter__(self) -> Self:
        self._active.enter_context(telemetry.activated(self._telemetry))
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _StoreLines:
    """A journal on its way to the store at `location`."""

    def __init__(self, location: str | Path, faults: telemetry.FaultLog) -> None:
        self.run_id = new_id()
        self._location = location
        self._faults = faults
        self._root = journal_root(location, state_folder=state_folder(Path.cwd()))
        self._claim = RunJournals.begin(self._root, self.run_id)
        self._journal = Journal.open(journal_path(self._root, self.run_id, "main"))
        self.lines = telemetry.JournalWriter(self._journal.append)
        telemetry.EventLog(self.lines, run_id=self.run_id, faults=faults).write(
            {"kind": "run", "run_kind": "logger", "started": utc_now()}
        )

    def merge(self) -> None:
        """Write what there is into the store."""
        self._journal.close()
        report = merge_journals(self._location, [self._claim, *claim_leftovers(self._root)])
        if report.failure is not None:
            self._faults.note("writing the store", report.failure)


def _opened(sinks: Iterable[telemetry.Sink | str]) -> tuple[telemetry.Sink, ...]:
    given = list(sinks)
    wrong = next((each for each in given if not isinstance(each, str) and not _is_sink(each)), None)
    if wrong is not None:
        msg = f"LifecycleSender: {wrong!r} is no sink: it has no method emit."
        raise ValueError(msg)
    words = [each for each in given if isinstance(each, str)]
    made = open_sinks(words, sink_factories(Path.cwd()))
    return (*made, *(each for each in given if not isinstance(each, str)))


def _is_sink(sink: object) -> bool:
    return callable(getattr(sink, "emit", None))


def _end(
    sinks: Iterable[telemetry.Sink],
    store: _StoreLines | None,
    faults: telemetry.FaultLog,
    timeout: float,
) -> None:
    close_sinks(sinks, timeout=timeout)
    for sink in sinks:
        counts = getattr(sink, "counts", None)
        if isinstance(counts, Deliveries) and counts.loss is not None:
            faults.note(f"sending to {type(sink).__name__}", counts.loss)
    if store is not None:
        store.merge()
