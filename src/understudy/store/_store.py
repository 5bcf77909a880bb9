"""What a store of telemetry can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from ..events import AnyEvent, TelemetryEvent, TokenEstimate
    from ._records import Footprint, ModelStatistics, Phase, Run, WriteReport


class Store(Protocol):
    """Runs, their tests and their events.

    A store belongs to the thread that opened it. Every method raises StoreError where the
    database cannot be read or written; what a transaction wrote is then gone.
    """

    @property
    def location(self) -> str:
        """Where the store is, without a password."""
        ...

    @property
    def set_aside(self) -> Path | None:
        """Where a corrupt file was moved when this store took its place."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Keep all writes inside or none."""
        ...

    def write_run(self, run: Run) -> None:
        """Write a run, or what is known by now of one that is there."""
        ...

    def finish_run(self, run_id: str, *, finished: datetime, exit_status: int) -> None:
        """Write when and how a run ended."""
        ...

    def write_phases(self, phases: Iterable[Phase]) -> WriteReport:
        """Write phases, or what is known by now of those that are there."""
        ...

    def write_events(self, events: Iterable[TelemetryEvent]) -> WriteReport:
        """Write the events that are not there yet and add them to the rollups.

        Their runs and phases must be there. An event that breaks a constraint is
        reported as refused; the others are written.
        """
        ...

    def write_estimates(self, estimates: Iterable[TokenEstimate]) -> WriteReport:
        """Write the estimates that are not there yet.

        Their phases must be there. One that breaks a constraint is reported as refused; the
        others are written.
        """
        ...

    def delete_run(self, run_id: str) -> bool:
        """Delete a run with all that belongs to it; False if there was none.

        The rollups keep what was summed up.
        """
        ...

    def runs(self, *, limit: int | None = None) -> list[Run]:
        """Return the runs, newest first."""
        ...

    def latest_run_id(self) -> str | None:
        """Return the run that started last, None in an empty store."""
        ...

    def events(self, run_id: str) -> list[AnyEvent]:
        """Return the events of a run in the order of their time."""
        ...

    def phases(self, run_id: str) -> list[Phase]:
        """Return the phases of a run, sorted by their key."""
        ...

    def estimates(
        self, run_id: str | None = None, *, since: datetime | None = None
    ) -> list[TokenEstimate]:
        """Return the estimates of a run, or of all, in the order of their time."""
        ...

    def statistics_by_model(
        self, *, since: datetime, until: datetime | None = None
    ) -> list[ModelStatistics]:
        """Return exact statistics of the calls from `since` until before `until`.

        The fastest by the token come first, those without a figure last.
        """
        ...

    def footprint(self) -> Footprint:
        """Return how large the store is."""
        ...

    def close(self) -> None:
        """Close the store."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
