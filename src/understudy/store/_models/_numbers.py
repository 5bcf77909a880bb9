"""Numbers that stand for owners, series and runs, given where they are new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .._statements import insert
from ._rows import OWNER_COLUMNS, SERIES_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .._connection import Connection

Names: TypeAlias = "tuple[Any, ...]"

_OWNER: Final = (
    "SELECT owner_id FROM model_owners "
    "WHERE run_id = ? AND phase_id {same} AND worker = ? AND rerun = ?"
)
_NEW_OWNER: Final = (
    f"{insert('model_owners', (*OWNER_COLUMNS, 'first', 'last'))} RETURNING owner_id"
)
_STRETCH: Final = (
    "UPDATE model_owners SET first = CASE WHEN ? < first THEN ? ELSE first END, "
    "last = CASE WHEN ? > last THEN ? ELSE last END WHERE owner_id = ?"
)
_SERIES: Final = (
    "SELECT series_id FROM model_series WHERE component = ? AND event_type = ? AND source = ?"
)
_NEW_SERIES: Final = f"{insert('model_series', SERIES_COLUMNS)} RETURNING series_id"
_RUN: Final = "SELECT run_number FROM model_runs WHERE run_id = ?"
_NEW_RUN: Final = f"{insert('model_runs', ('run_id',))} RETURNING run_number"


def numbers_of_owners(
    connection: Connection, times: Mapping[Names, Sequence[int]]
) -> dict[Names, int]:
    """Return the number of each owner, which has events of these times, too, from now on."""
    numbers = {}
    for names, each in times.items():
        first, last = min(each), max(each)
        found = _find_owner(connection, names)
        if found:
            connection.execute(_STRETCH, (first, first, last, last, found[0][0]))
        else:
            found = connection.execute(_NEW_OWNER, (*names, first, last))
        numbers[names] = int(found[0][0])
    return numbers


def _find_owner(connection: Connection, names: Names) -> list[tuple[Any, ...]]:
    # The databases have no common word for "the same, or both NULL" that uses an index.
    run_id, phase_id, worker, rerun = names
    if phase_id is None:
        return connection.execute(_OWNER.format(same="IS NULL"), (run_id, worker, rerun))
    return connection.execute(_OWNER.format(same="= ?"), names)


def numbers_of_series(connection: Connection, series: Iterable[Names]) -> dict[Names, int]:
    """Return the number of each series."""
    return {names: _number(connection, _SERIES, _NEW_SERIES, names) for names in series}


def numbers_of_runs(connection: Connection, run_ids: Iterable[str]) -> dict[str, int]:
    """Return the number of each run."""
    return {run_id: _number(connection, _RUN, _NEW_RUN, (run_id,)) for run_id in run_ids}


def _number(connection: Connection, known: str, new: str, names: Names) -> int:
    found = connection.execute(known, names) or connection.execute(new, names)
    return int(found[0][0])
