"""Logs model events into a store, from any program."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from ..clock import RealClock
from ..durable import state_folder
from ..errors import StoreError
from ..gpu import Lockout, NvmlReader
from ..store import open_long_writer, open_store
from ..telemetry import EventLog, LoggedFaults, Owner, Ownership
from ..telemetry.models import ModelLog, RunModelLog
from ._answers import aggregated_efficiency, sixty_day_statistics, telemetry_footprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..clock import Clock
    from ..events.model import AnyModelEvent
    from ..gpu import GpuReader
    from ..store import Store

Found = TypeVar("Found")

#: A store that cannot be written is tried again after so many seconds.
_RETRY: Final = 60.0


class TelemetryLogger(ModelLog):
    """Logs into the store at a path or URL, and says what it knows of models; from any thread.

    A context manager. What is logged is on its way to the disk when `log…` returns True, and in
    the store within a minute, before the next reading and when the logger is closed, at the latest
    at the end of the program. Wrong arguments raise ModelEventError, a `ValueError`. Where the
    store cannot be written each `log…` is False. `faults` say
    why, and so does the logger `understudy`, once.

    Raises:
        SettingsError: the location of the store makes no sense.
    """

    def __init__(
        self,
        store: str | Path,
        *,
        gpu: GpuReader | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.gpu = gpu or NvmlReader()
        self.lockout = Lockout()
        self._location = store
        self._real = clock or RealClock()
        self._faults = LoggedFaults()
        self._writer = open_long_writer(
            store,
            kind="logger",
            clock=self._real,
            state_folder=state_folder(Path.cwd()),
            note=self._faults.note,
        )
        event_log = EventLog(self._writer, run_id=self._writer.run_id, faults=self._faults)
        self._run = RunModelLog(event_log, ownership=Ownership(Owner()), clock=self._real)
        self._has_news = self._is_closed = False
        self._tried_at: float | None = None
        self._is_writable = self._try_store()

    @property
    def faults(self) -> list[str]:
        """What went wrong so far, one line for each kind."""
        return self._faults.lines()

    def get_aggregated_efficiency(
        self, component: str | None = None, hours: float = 24, bucket_seconds: int = 60
    ) -> dict[str, Any]:
        """Return how fast models answered in the last `hours`, weighted by tokens, best first.

        Raises:
            ModelEventError: an argument is none.
            StoreError: the store cannot be read.
        """
        read = partial(
            aggregated_efficiency,
            now=self._now(),
            component=component,
            hours=hours,
            bucket_seconds=bucket_seconds,
        )
        return self._answer(read)

    def get_60day_statistics(self) -> dict[str, Any]:
        """Return how fast each model answered and loaded on the last 60 days, best first.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._answer(partial(sixty_day_statistics, now=self._now()))

    def get_telemetry_footprint(self) -> dict[str, Any]:
        """Return how large the store and its tables are, and how old the oldest of their rows.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._answer(telemetry_footprint)

    def close(self) -> None:
        """Bring the rest into the store; what is logged later is False."""
        self._is_closed = True
        self._writer.close()

    def _answer(self, read: Callable[[Store], Found]) -> Found:
        if self._has_news and not self._is_closed:
            self._has_news = False
            self._writer.merge()
        with self._opened() as store:
            return read(store)

    def _opened(self) -> Store:
        try:
            return open_store(self._location)
        except StoreError:  # it may be one that can only be read
            return open_store(self._location, create=False)

    def _now(self) -> datetime:
        # What was logged in this microsecond counts.
        return datetime.fromtimestamp(self._real.wall() + 1e-5, UTC)

    def _keep(self, make: Callable[[], AnyModelEvent | None]) -> bool:
        event = make()
        is_stored = event is not None and self._takes() and self._run.emit(event)
        self._has_news |= is_stored
        return is_stored

    def _takes(self) -> bool:
        if self._is_closed:
            return False
        if not self._is_writable and self._real.now() - (self._tried_at or 0) >= _RETRY:
            self._is_writable = self._try_store()
        return self._is_writable

    def _try_store(self) -> bool:
        self._tried_at = self._real.now()
        try:
            open_store(self._location).close()
        except StoreError as error:
            self._faults.note("opening the store", error)
            return False
        return True

    def _clock(self) -> Clock:
        return self._real

    def _note(self, sentence: str) -> None:
        self._faults.note("reading the memory of GPUs", sentence)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
