"""The run of a program: one in a process, shared by all recordings that are open."""

from __future__ import annotations

import atexit
import os
import sys
from collections import deque
from contextlib import ExitStack
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..app import Instrumentation, build_instrumentation, open_event_log
from ..cassettes.defaults import CassetteDefaults
from ..clock import RealClock, utc_now
from ..durable import state_folder
from ..events import AnyEvent, CallEvent
from ..extensions import find_extensions
from ..intercept import carry
from ..intercept.cassettes import ACTIVE_CASSETTES, CassetteAnswerer
from ..pricing import price_call
from ..redaction import without_keys
from ..store import LongWriter, open_long_writer, redact
from ..telemetry import LoggedFaults, Owner, Ownership, SubjectMemory, activated
from ..telemetry.sinks import Deliveries, close_sinks, open_sinks, sink_factories

if TYPE_CHECKING:
    from ..extensions import Extensions
    from ..pricing import PriceBook
    from ..spend_watch import SpendWatch
    from ..telemetry import Sink, Telemetry
    from ._settings import ProgramSettings

#: How long the end may take to empty the sinks, in seconds.
_PATIENCE: Final = 2.0
#: So many predictions and lifecycle events are kept in memory.
_MOST_KEPT: Final = 1000
#: So many events of subjects, for `get_stats`.
_MOST_REMEMBERED: Final = 10_000


class ProgramRun:
    """Watches the clients of this process and stores what they do, while recordings are open.

    Raises:
        SettingsError: the store, a sink or a table in `pyproject.toml` is wrong.
        RegistrationError: the hook of a plugin failed.
    """

    def __init__(self, settings: ProgramSettings, *, root: Path, name: str | None) -> None:
        self.location = settings.store
        self.users = 0
        self.owner = _owner(name)
        self._settings = settings
        self._faults = LoggedFaults()
        self._opened_by = os.getpid()
        extensions = find_extensions((), pyproject=root / "pyproject.toml")
        extensions.find_all()
        ownership = Ownership(self.owner)
        self._watch = self._watch_of(extensions)
        self._looked = utc_now()
        with ExitStack() as failed, ExitStack() as undo:
            self._sinks = _opened(settings.sink, extensions, ownership, root=root)
            failed.callback(close_sinks, self._sinks, timeout=0)
            self.writer = self._open_writer(extensions.prices, root)
            failed.callback(self.writer.close)
            self.instrumentation = self._instrument(extensions, ownership)
            self.telemetry.program = self
            self.telemetry.subjects = SubjectMemory(_MOST_REMEMBERED)
            self._begin(undo)
            self._undo = undo.pop_all()
            failed.pop_all()
        atexit.register(self.close)

    @property
    def telemetry(self) -> Telemetry:
        """What its events pass through."""
        return self.instrumentation.telemetry

    @property
    def store(self) -> str:
        """Where it is stored, without a password."""
        return redact(self.location)

    def close(self) -> None:
        """Watch no longer, end what nobody ended, empty the sinks, and merge the rest."""
        atexit.unregister(self.close)
        for step in (self._undo.close, self._flush, self._close_sinks, self.writer.close):
            with self._faults.contained("ending a recording"):
                step()

    def _flush(self) -> None:
        if os.getpid() == self._opened_by:  # what is open in a forked child is its parent's
            self.instrumentation.recorder.flush()

    def _close_sinks(self) -> None:
        close_sinks(self._sinks, timeout=_PATIENCE)
        for word, sink in zip(self._settings.sink, self._sinks, strict=True):
            self._count(word, sink)

    def _open_writer(self, prices: PriceBook, root: Path) -> LongWriter:
        def price(event: AnyEvent) -> AnyEvent:
            return price_call(event, prices) if isinstance(event, CallEvent) else event

        return open_long_writer(
            self.location,
            kind="logger",
            clock=RealClock(),
            state_folder=state_folder(root),
            note=self._faults.note,
            price=price,
            merged=None if self._watch is None else self._look_at_budgets,
            phase_id=self.owner.phase_id,
        )

    def _watch_of(self, extensions: Extensions) -> SpendWatch | None:
        if "costs" not in extensions.tables:
            return None
        from ..spend_watch import spend_watch  # noqa: PLC0415 - who has no budget pays nothing

        return spend_watch(extensions, self.location, self._faults.note)

    def _look_at_budgets(self) -> None:
        assert self._watch is not None
        since, self._looked = self._looked, utc_now()
        self._watch.look(now=self._looked, since=since)

    def _instrument(self, extensions: Extensions, ownership: Ownership) -> Instrumentation:
        event_log = open_event_log(
            extensions,
            self.writer,
            run_id=self.writer.run_id,
            sinks=self._sinks,
            faults=self._faults,
            holds=self.writer,
        )
        return build_instrumentation(
            extensions,
            event_log,
            ownership=ownership,
            keeps_content=self._settings.store_content,
            lifecycle=self._settings.lifecycle,
            answerer=CassetteAnswerer(ACTIVE_CASSETTES.stack),
        )

    def _begin(self, undo: ExitStack) -> None:
        undo.enter_context(activated(self.telemetry))
        undo.enter_context(ACTIVE_CASSETTES.hosted(CassetteDefaults.default))
        undo.enter_context(self.instrumentation.taps)
        undo.enter_context(carry(self.telemetry.scope))
        undo.enter_context(carry(self.telemetry.estimates.variable))

    def _count(self, word: str, sink: Sink) -> None:
        counts = getattr(sink, "counts", None)
        if isinstance(counts, Deliveries) and counts.loss is not None:
            self._faults.note(f"sending to {word.partition(':')[0]}", counts.loss)


def _owner(name: str | None) -> Owner:
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else ""
    phase = without_keys(name or program or "python")
    kept: dict[str, Any] = {sort: deque(maxlen=_MOST_KEPT) for sort in ("estimates", "lifecycle")}
    return Owner(phase_id=f"recording:{phase}", **kept)


def _opened(
    words: tuple[str, ...], extensions: Extensions, ownership: Ownership, *, root: Path
) -> tuple[Sink, ...]:
    """Open the sinks; what they do is nobody's call."""
    apart = copy_context()
    apart.run(ownership.variable.set, Owner(is_ignored=True))
    factories = {**sink_factories(root), **extensions.sink_factories}
    return apart.run(open_sinks, words, factories)
