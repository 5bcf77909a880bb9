"""What a store of telemetry can do, on whichever database."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Final, Self

from ..clock import Clock, utc_now
from ..events import AnyEvent, CallEvent, TelemetryEvent, TokenEstimate
from . import _rows, _statements, exports, retention
from ._connection import Connection, CorruptStoreError, PruneIsRunningError
from ._footprint import footprint_of
from ._known import CHUNK
from ._models import ModelHistory, add_up_models, read_models, write_models
from ._records import Footprint, ModelStatistics, Phase, Run, WriteReport
from ._rollups import add_up, roll_up
from ._spend import SpendHistory
from ._spend_alerts import SpendAlerts
from ._statistics import statistics_by_model
from ._writes import write_in_time, write_new, write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta
    from pathlib import Path

    from ..events.lifecycle import AnyLifecycleEvent, LifecycleEvent
    from ..events.model import AnyModelEvent, ModelEvent


#: How long a store that is kept at an age is pruned at a time, in seconds.
_SECONDS: Final = 2.0
#: How often it is looked through until that age has passed once: of 60 days, every day.
_LOOKS: Final = 60


def _nobody(_point: str, _rows: int) -> None:
    """Watch nothing."""


class Store:
    """Runs, their tests and their events, over a `Connection`.

    `location` is where the store is, without a password; `set_aside` where a corrupt file was
    moved when this store took its place. `model_history` has the sums of model events over time,
    `spend_history` those of what was paid for, `spend_alerts` which alerts of budgets were raised.

    A store belongs to the thread that opened it. Every method raises StoreError where the
    database cannot be read or written; what a transaction wrote is then gone.
    """

    def __init__(
        self, connection: Connection, *, location: str, set_aside: Path | None = None
    ) -> None:
        self._connection = connection
        self.location = location
        self.set_aside = set_aside
        self.model_history = ModelHistory(connection)
        self.spend_history = SpendHistory(connection)
        self.spend_alerts = SpendAlerts(connection)

    def transaction(self) -> AbstractContextManager[None]:
        """Keep all writes inside or none."""
        return self._connection.transaction()

    def write_run(self, run: Run) -> None:
        """Write a run, or what is known by now of one that is there."""
        with self.transaction():
            if "kind" not in run.model_fields_set:  # a line that did not say
                for (kind,) in self._connection.execute(_statements.RUN_KIND, (run.run_id,)):
                    run = run.model_copy(update={"kind": kind})
            self._connection.execute(_statements.WRITE_RUN, _rows.record_row(run))

    def finish_run(self, run_id: str, *, finished: datetime, exit_status: int) -> None:
        """Write when and how a run ended."""
        with self.transaction():
            self._connection.execute(
                _statements.FINISH_RUN, (_rows.timestamp_text(finished), exit_status, run_id)
            )

    def write_phases(self, phases: Iterable[Phase]) -> WriteReport:
        """Write phases, or what is known by now of those that are there."""
        write = partial(self._connection.execute_many, _statements.WRITE_PHASE)
        records = list(phases)
        rows = list(map(_rows.record_row, records))
        with self.transaction():
            return write_rows(self._connection, records, rows, write)[1]

    def write_events(self, events: Iterable[TelemetryEvent]) -> WriteReport:
        """Write the events that are not there yet and add them to the rollups.

        Their runs and phases must be there. An event that breaks a constraint is
        reported as refused; the others are written, late ones to the rollups only.
        """
        table = ("telemetry", _rows.EVENT_COLUMNS)
        with self.transaction():
            new, report = write_in_time(self._connection, *table, events, _rows.event_row)
            with self._reading():
                roll_up(self._connection, new)
        return report

    def write_estimates(self, estimates: Iterable[TokenEstimate]) -> WriteReport:
        """Write the estimates that are not there yet.

        Their phases must be there. One that breaks a constraint is reported as refused; the
        others are written.
        """
        table = ("token_estimates", _rows.ESTIMATE_COLUMNS)
        with self.transaction():
            return write_new(self._connection, *table, estimates, _rows.record_row)[1]

    def write_lifecycle(self, events: Iterable[LifecycleEvent]) -> WriteReport:
        """Write the lifecycle events that are not there yet, as `write_estimates` does.

        Late ones are only counted: no rollup sums them up.
        """
        table = ("lifecycle_events", _rows.LIFECYCLE_COLUMNS)
        with self.transaction():
            return write_in_time(self._connection, *table, events, _rows.lifecycle_row)[1]

    def write_models(self, events: Iterable[ModelEvent]) -> WriteReport:
        """Write the model events that are not there yet, as `write_events` does."""
        with self.transaction(), self._reading():
            return write_models(self._connection, events)

    def delete_run(self, run_id: str) -> bool:
        """Delete a run with all that belongs to it; False if there was none.

        The rollups keep what was summed up.
        """
        with self.transaction():
            known = self._connection.execute(_statements.RUN_EXISTS, (run_id,))
            for statement in _statements.DELETE_RUN:
                self._connection.execute(statement, (run_id,))
        return bool(known)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say of a row that no record can be made of that the store is damaged."""
        try:
            yield
        except (ValueError, TypeError, ArithmeticError) as error:
            msg = f"the store {self.location} is corrupt ({type(error).__name__} in a row of it)"
            raise CorruptStoreError(msg) from error

    def runs(self, *, limit: int | None = None) -> list[Run]:
        """Return the runs, newest first."""
        query = _statements.RUNS if limit is None else f"{_statements.RUNS} LIMIT ?"
        rows = self._connection.execute(query, () if limit is None else (limit,))
        with self._reading():
            return [_rows.record_from_row(Run, row) for row in rows]

    def latest_run_id(self) -> str | None:
        """Return the run of pytest that started last, None where there is none."""
        rows = self._connection.execute(_statements.LATEST_RUN)
        return rows[0][0] if rows else None

    def has_run(self, run_id: str) -> bool:
        """Tell whether a run is there."""
        return bool(self._connection.execute(_statements.RUN_EXISTS, (run_id,)))

    def events(self, run_id: str) -> list[AnyEvent]:
        """Return the events of a run in the order of their time."""
        rows = self._connection.execute(_statements.EVENTS, (run_id,))
        with self._reading():
            return list(map(_rows.event_from_row, rows))

    def calls(self, event_ids: Iterable[str]) -> list[CallEvent]:
        """Return those calls among `event_ids` that are there, in no order."""
        keys = list(event_ids)
        with self._reading():
            events = [
                _rows.event_from_row(row)
                for start in range(0, len(keys), CHUNK)
                for row in self._connection.execute(*_statements.chosen(keys[start:][:CHUNK]))
            ]
        return [event for event in events if isinstance(event, CallEvent)]

    def lifecycle(self, run_id: str) -> list[AnyLifecycleEvent]:
        """Return the lifecycle events of a run in the order of their time."""
        rows = self._connection.execute(_statements.LIFECYCLE, (run_id,))
        with self._reading():
            return list(map(_rows.lifecycle_from_row, rows))

    def models(self, run_id: str) -> list[AnyModelEvent]:
        """Return the model events of a run in the order of their time."""
        with self._reading():
            return read_models(self._connection, run_id)

    def phases(self, run_id: str) -> list[Phase]:
        """Return the phases of a run, sorted by their key."""
        rows = self._connection.execute(_statements.PHASES, (run_id,))
        with self._reading():
            return [_rows.record_from_row(Phase, row) for row in rows]

    def estimates(
        self, run_id: str | None = None, *, since: datetime | None = None
    ) -> list[TokenEstimate]:
        """Return the estimates of a run, or of all, in the order of their time."""
        moment = None if since is None else _rows.timestamp_text(since)
        bounds = {"run_id =": run_id, "ts >=": moment}
        query = _statements.bounded(_statements.ESTIMATES, bounds, order="ts, estimate_id")
        rows = self._connection.execute(*query)
        with self._reading():
            return [_rows.record_from_row(TokenEstimate, row) for row in rows]

    def statistics_by_model(
        self, *, since: datetime, until: datetime | None = None
    ) -> list[ModelStatistics]:
        """Return exact statistics of the calls from `since` until before `until`.

        The fastest by the token come first, those without a figure last.
        """
        with self._reading():
            return statistics_by_model(self._connection, since, until)

    def export(
        self,
        table: exports.ExportTable,
        *,
        run_id: str | None = None,
        since: datetime | None = None,
    ) -> Generator[exports.Batch]:
        """Yield the rows of a table, of a run or of all, some thousands at a time."""
        wanted = exports.selection(table, run_id=run_id, since=since)
        return exports.read(self._connection, table, wanted)

    def export_count(
        self,
        table: exports.ExportTable,
        *,
        run_id: str | None = None,
        since: datetime | None = None,
    ) -> int:
        """Return how many rows `export` yields."""
        wanted = exports.selection(table, run_id=run_id, since=since)
        return exports.count(self._connection, table, wanted)

    def read_all(self) -> None:
        """Read everything; raises where a part of it is damaged."""
        for run in self.runs():
            for read in (self.events, self.phases, self.estimates, self.lifecycle, self.models):
                read(run.run_id)
        with self._reading():
            add_up(self._connection)
            add_up_models(self._connection)

    def footprint(self) -> Footprint:
        """Return how large the store is, without a look at every row where that can be."""
        with self._reading():
            return footprint_of(self._connection)

    def mark_pruned(self, table: str, before: datetime) -> None:
        """Say that older rows of `table` are gone; its events of then come late from now on."""
        retention.mark_pruned(self._connection, table, before)

    def pruned(self) -> dict[str, datetime]:
        """Return from when on the rows of each table are kept that was pruned."""
        return retention.all_marks(self._connection)

    def pruning_finished(self) -> datetime | None:
        """Return when a prune last came to its end, None where none did."""
        return retention.last_finished(self._connection)

    def retain(
        self,
        age: timedelta,
        *,
        journals: Path,
        formats: Callable[[str], retention.Format],
        clock: Clock,
    ) -> retention.PruneReport | None:
        """Delete what is older than `age`, for two seconds at most; the next call goes on.

        None where nothing is due, or another process is at it. What the `journals` of the store
        hold is not touched.

        Raises:
            StoreError: the store cannot be written, or what an earlier prune left not be read.
        """
        now, finished = utc_now(), self.pruning_finished()
        if finished is not None and now - finished < age / _LOOKS:
            return None
        order = retention.writing(journals).order(now - age, seconds=_SECONDS)
        with suppress(PruneIsRunningError):
            return self.prune(order, formats=formats, clock=clock)
        return None

    def plan_prune(
        self, order: retention.PruneOrder, *, sizes: bool = True
    ) -> Mapping[str, retention.TablePlan]:
        """Return what `prune` would take of each table; its bytes are an estimate."""
        return retention.plan_prune(self._connection, order, sizes=sizes)

    def prune(
        self,
        order: retention.PruneOrder,
        *,
        formats: Callable[[str], retention.Format],
        clock: Clock,
        watch: retention.Watch = _nobody,
    ) -> retention.PruneReport:
        """Export what is old, where that is ordered, and delete it.

        Args:
            order: what goes.
            formats: the format of files that an earlier prune left behind, by its name.
            clock: tells when the time is up, and waits between two steps.
            watch: is told of each point that is reached, and of how many rows.

        Raises:
            StoreError: another prune is running, or a file or the store cannot be written.
        """
        connection = self._connection
        return retention.Prune(connection, order, formats=formats, clock=clock, watch=watch).run()

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
