"""Takes what is old out of a store."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from ...clock import Clock, utc_now
from .._rows import timestamp_text
from ..exports import Batch, ExportTable, Selection, read
from ._archiving import Archiving, Keys
from ._mark import mark_pruned
from ._order import Archive, ArchiveFile, Format, PruneOrder, PruneReport, Watch
from ._prunable import Prunable, prunables
from ._steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .._connection import Connection

#: How many rows a file holds at most, and how many keys are looked up at once without files.
_FILE: Final = 200_000
_PAGE: Final = 10_000
#: How long the sums of hours are kept at least, whatever is pruned.
_HOURS: Final = timedelta(days=60)
_HOUR_TABLES: Final = ("rollups_hourly", "model_rollups_hourly")
_FINISHED: Final = "UPDATE pruned SET finished = ?"
_FORGET_LATE: Final = "DELETE FROM late_events WHERE merged < ?"


class Prune:
    """One prune of a store, which nobody else prunes meanwhile.

    `formats` gives the format of the files that an earlier prune left behind, by its name.
    """

    def __init__(
        self,
        connection: Connection,
        order: PruneOrder,
        *,
        formats: Callable[[str], Format],
        clock: Clock,
        watch: Watch,
    ) -> None:
        self._connection = connection
        self._order = order
        self._formats = formats
        self._watch = watch
        self._steps = Steps(connection, clock, watch, seconds=order.seconds)
        self._archiving = Archiving(connection, watch)
        self._rows: Counter[str] = Counter()
        self._files: list[ArchiveFile] = []
        self._missing: list[Path] = []

    def run(self) -> PruneReport:
        """Go on where an earlier one ended, then take what is old, table by table."""
        with self._connection.pruning():
            finished = self._resume() and self._take_all()
            if finished:
                self._end()
            space = self._connection.give_back(self._steps)
        self._watch("given back", 0)
        return PruneReport(
            before=self._order.before,
            rows=dict(self._rows),
            files=tuple(self._files),
            missing=tuple(self._missing),
            finished=finished,
            space=space,
        )

    def _resume(self) -> bool:
        """Delete what stands in the files of an earlier prune; return whether all is done."""
        every = prunables(replace(self._order, estimates=True))
        tables = {each.table.rows: each for each in every}
        for path, name in self._archiving.waiting():
            form = self._formats(path.suffix.removeprefix("."))
            keys = self._archiving.recovered(path, form, tables[name].table)
            if keys is None:
                self._missing.append(path)
                self._archiving.forget(path)
            elif not self._delete_archived(tables[name], path, keys):
                return False
        return True

    def _take_all(self) -> bool:
        wanted = list(prunables(self._order))
        for each in wanted:
            if each.is_marked:
                mark_pruned(self._connection, each.table.rows, self._order.before)
        self._watch("marked", 0)
        rows = all(self._take(each) for each in wanted)
        return rows and self._take_hours()

    def _take_hours(self) -> bool:
        """Delete the sums of the hours of whole days that are old; those of the days stay."""
        day = min(self._order.before, utc_now() - _HOURS).astimezone(UTC).date()
        for table in _HOUR_TABLES:
            mark_pruned(self._connection, table, datetime.combine(day, time.min, UTC))
            query = f"SELECT DISTINCT substr(hour, 1, 10) FROM {table} WHERE hour < ?"  # noqa: S608
            for (each,) in self._connection.execute(query, (f"{day}",)):
                if not self._steps.is_time_left:
                    return False
                self._steps.delete(table, "hour >= ? AND hour <= ?", [(each, f"{each}T23")])
        return True

    def _take(self, prunable: Prunable) -> bool:
        """Take all that is due of one table; return whether nothing is left."""
        archive = self._order.archive
        if archive is None and prunable.together is not None:
            return self._take_together(prunable, prunable.together)
        last: tuple[object, ...] | None = None
        while self._steps.is_time_left:
            keys = self._keys(prunable, last, _PAGE if archive is None else _FILE)
            if not keys:
                return True
            last = keys[-1]
            if not self._take_keys(prunable, keys, archive):
                return False
        return False

    def _take_together(self, prunable: Prunable, rows: int) -> bool:
        """Delete what is due from one key to another: no key but these need be known."""
        table, wanted = prunable.table, prunable.between
        last: tuple[object, ...] | None = None
        while self._steps.is_time_left:
            keys = self._keys(prunable, last, 1, rows - 1) or self._keys(prunable, last, rows)
            if not keys:
                return True
            bounds, parameters = [*wanted.conditions, _compared(table, "<=")], [*keys[-1]]
            if last is not None:
                bounds.append(_compared(table, ">"))
                parameters += last
            where, last = " AND ".join(bounds), keys[-1]
            gone = self._steps.step(table.rows, where, [[*wanted.parameters, *parameters]])
            self._rows[table.title] += gone
        return False

    def _take_keys(self, prunable: Prunable, keys: Keys, archive: Archive | None) -> bool:
        if archive is None:
            return self._delete(prunable, keys)
        batches = self._between(prunable, keys)
        path, written = self._archiving.write(archive, prunable.table, keys, batches)
        return self._delete_archived(prunable, path, written)

    def _keys(
        self, prunable: Prunable, last: tuple[object, ...] | None, limit: int, skipped: int = 0
    ) -> Keys:
        """Return the keys of the rows that are due, in their order, after the `last` one."""
        glance, moment = prunable.glance, prunable.table.moment(self._order.before)
        if glance is not None and not self._connection.execute(glance, (moment,)):
            return []
        key = ", ".join(prunable.table.key)
        conditions, parameters = [*prunable.due.conditions], [*prunable.due.parameters]
        if last is not None:
            conditions.append(_compared(prunable.table, ">"))
            parameters += last
        wanted = Selection(conditions, [*parameters, limit, skipped])
        source = f"{prunable.table.rows}{wanted.where}"
        query = f"SELECT {key} FROM {source} ORDER BY {key} LIMIT ? OFFSET ?"  # noqa: S608
        return self._connection.execute(query, wanted.parameters)

    def _between(self, prunable: Prunable, keys: Keys) -> Iterator[Batch]:
        table, due = prunable.table, prunable.due
        bounds = [_compared(table, ">="), _compared(table, "<=")]
        wanted = Selection([*due.conditions, *bounds], [*due.parameters, *keys[0], *keys[-1]])
        return read(self._connection, table, wanted, order=", ".join(table.key))

    def _delete_archived(self, prunable: Prunable, path: Path, keys: Keys) -> bool:
        self._files.append(ArchiveFile(path, prunable.table.title, len(keys)))
        if not self._delete(prunable, keys):
            return False
        self._archiving.forget(path)
        return True

    def _delete(self, prunable: Prunable, keys: Keys) -> bool:
        number, is_done = self._steps.delete(prunable.table.rows, prunable.where, keys)
        self._rows[prunable.table.title] += number
        return is_done

    def _end(self) -> None:
        with self._connection.transaction():
            self._connection.execute(_FINISHED, (timestamp_text(utc_now()),))
            before = timestamp_text(self._order.before)
            self._connection.execute(_FORGET_LATE, (before,))
        self._watch("finished", 0)


def _compared(table: ExportTable, sign: str) -> str:
    return f"({', '.join(table.key)}) {sign} ({', '.join('?' * len(table.key))})"
