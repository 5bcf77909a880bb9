"""The tables that are pruned, in their order, and which of their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .._rows import timestamp_text
from ..exports import ExportTable, Selection, count, export_tables, microseconds
from ._order import PruneOrder, TablePlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .._connection import Connection

#: Tables of events, by the names of their exports, and those of them that an event comes late for.
_EVENTS: Final = ("telemetry", "lifecycle", "models", "snapshots")
_LATE: Final = _EVENTS[:3]
#: Rows of a step that deletes what lies together. One of a model is gone in 3 µs; what has indexes
#: takes five to eight times as long.
_TOGETHER: Final = {"models": 2000}
_FEW: Final = 500
#: Without it a look for the last old call would read all recent ones.
_INDEXED: Final = {
    "telemetry": "event_type IN ('llm_call', 'direct_edit', 'undo', 'escalation') AND ts < ?"
}
_PHASE_KEY: Final = ("run_id", "phase_id", "worker", "rerun")
_RUN_KEY: Final = _PHASE_KEY[:1]
#: Tables whose rows belong to a test, and those whose rows belong to a run besides.
_OF_PHASES: Final = ("telemetry", "token_estimates", "lifecycle_events", "model_owners")
_OF_RUNS: Final = (*_OF_PHASES, "cost_snapshots", "phases")
#: Where an owner of model events stands for what it has; a file finds these by their time only.
_SOURCES: Final = {
    "model_owners": "model_owners JOIN model_log ON model_log.owner_id = model_owners.owner_id "
    "AND model_log.ts BETWEEN model_owners.first AND model_owners.last"
}
_OF_OTHERS: Final = {
    "model_log": "owner_id NOT IN (SELECT owner_id FROM model_owners WHERE run_id IN ({}))"
}
_TIMES: Final = {"phases": "phases.started", "model_owners": "model_log.ts"}


@dataclass(frozen=True, slots=True)
class Prunable:
    """Rows of a table that go.

    `planned` selects those that go once all that is older is gone, `due` those that may go now.
    Of a table that is marked, older events are late from then on. Where the order of the keys is
    that of time, about, what is due lies `together`: so many rows of it make a step.
    """

    table: ExportTable
    due: Selection
    planned: Selection
    is_marked: bool = False
    together: int | None = None

    @property
    def between(self) -> Selection:
        """What is true of the rows among those between two keys, of which the last is due."""
        if self.table.key[0] != "ts":
            return self.due
        # All are old enough; SQLite would look through what is due for each of its steps.
        _, *others = self.due.conditions
        return Selection(others, [*self.due.parameters][1:])

    @property
    def glance(self) -> str | None:
        """A query that an index answers: whether anything is so old; None where none does."""
        found = _INDEXED.get(self.table.rows)
        return found and f"SELECT 1 FROM {self.table.rows} WHERE {found} LIMIT 1"  # noqa: S608

    @property
    def where(self) -> str:
        """What is true of one row, by its key, that may be deleted."""
        key = [f"{column} = ?" for column in self.table.key]
        return " AND ".join([*key, *self._unbound])

    @property
    def _unbound(self) -> Iterable[str]:
        """Conditions that are looked at once more when a row is deleted."""
        return [each for each in self.due.conditions if "?" not in each]


def prunables(order: PruneOrder) -> Iterator[Prunable]:
    """Yield the tables: events first, then the tests and runs that have none left."""
    tables = export_tables()
    for name in (*_EVENTS, *(["estimates"] if order.estimates else [])):
        wanted = _selection(tables[name], "ts < ?", order, order.spared)
        together = _TOGETHER.get(name, _FEW)
        yield Prunable(tables[name], wanted, wanted, name in _LATE, together)
    phases, runs = tables["phases"], tables["runs"]
    age = f"COALESCE(phases.started, {phases.time}) < ?"
    yield _owners(phases, age, _OF_PHASES, _PHASE_KEY, order)
    yield _owners(runs, "started < ?", _OF_RUNS, _RUN_KEY, order)


def _owners(
    table: ExportTable, age: str, owned: Sequence[str], key: Sequence[str], order: PruneOrder
) -> Prunable:
    wanted = _selection(table, age, order, order.spared | order.kept)
    left = [_none_left(each, table.rows, key) for each in owned]
    due = Selection([*wanted.conditions, *left], wanted.parameters)
    later, bounds = [], list(wanted.parameters)
    for each in owned:
        if each == "token_estimates" and not order.estimates:
            later.append(_none_left(each, table.rows, key))
            continue
        time = _TIMES.get(each, f"{each}.ts")
        later.append(_none_left(each, table.rows, key, f"{time} >= ?"))
        moment = microseconds if each == "model_owners" else timestamp_text
        bounds.append(moment(order.before))
    return Prunable(table, due, Selection([*wanted.conditions, *later], bounds))


def _none_left(child: str, parent: str, key: Sequence[str], *conditions: str) -> str:
    same = [f"{child}.{column} = {parent}.{column}" for column in key]
    where = " AND ".join([*same, *conditions])
    return f"NOT EXISTS (SELECT 1 FROM {_SOURCES.get(child, child)} WHERE {where})"  # noqa: S608


def _selection(table: ExportTable, age: str, order: PruneOrder, spared: Iterable[str]) -> Selection:
    conditions, values = [age], [table.moment(order.before)]
    if runs := sorted(spared):
        marks = ", ".join("?" * len(runs))
        conditions.append(_OF_OTHERS.get(table.rows, "run_id NOT IN ({})").format(marks))
        values += runs
    return Selection(conditions, values)


def plan_prune(
    connection: Connection, order: PruneOrder, *, sizes: bool
) -> Mapping[str, TablePlan]:
    """Return how many rows of each table would go, with those that would have none left then."""
    return {
        each.table.title: _planned(connection, each.table, each.planned, sizes=sizes)
        for each in prunables(order)
    }


def _planned(
    connection: Connection, table: ExportTable, wanted: Selection, *, sizes: bool
) -> TablePlan:
    rows = count(connection, table, wanted, source=table.rows)
    size = None if rows else 0
    if rows and sizes:
        size = connection.table_bytes(table.rows)
    if not size:
        return TablePlan(rows, size)
    return TablePlan(rows, size * rows // count(connection, table, Selection(), source=table.rows))
