"""The tables that `understudy export` writes: their columns, and the rows of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from pydantic import BaseModel

    from ..store import Run, Store


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `columns` and `rows` import what they need when they are called."""

    columns: Callable[[], list[str]]
    rows: Callable[[Store, Run, datetime | None], Iterator[dict[str, Any]]]


def _estimate_columns() -> list[str]:
    from ..events import TokenEstimate  # noqa: PLC0415 - other commands do without

    return list(TokenEstimate.model_fields)


def _estimates(store: Store, run: Run, since: datetime | None) -> Iterator[dict[str, Any]]:
    yield from _dumped(store.estimates(run.run_id, since=since))


def _call_columns() -> list[str]:
    from ..events import CallEvent  # noqa: PLC0415 - as above

    return [*CallEvent.model_fields, "cost_usd"]


def _calls(store: Store, run: Run, since: datetime | None) -> Iterator[dict[str, Any]]:
    from ..events import CallEvent  # noqa: PLC0415 - as above

    for event in store.events(run.run_id):
        if isinstance(event, CallEvent) and (since is None or event.ts >= since):
            cost = None if event.cost_usd is None else float(event.cost_usd)
            yield event.model_dump(mode="json") | {"cost_usd": cost}


def _phase_columns() -> list[str]:
    from ..store import Phase  # noqa: PLC0415 - as above

    return list(Phase.model_fields)


def _phases(store: Store, run: Run, since: datetime | None) -> Iterator[dict[str, Any]]:
    if since is None or run.started >= since:
        yield from _dumped(store.phases(run.run_id))


def _run_columns() -> list[str]:
    from ..store import Run  # noqa: PLC0415 - as above

    return list(Run.model_fields)


def _runs(_: Store, run: Run, since: datetime | None) -> Iterator[dict[str, Any]]:
    if since is None or run.started >= since:
        yield from _dumped([run])


def _dumped(records: Iterable[BaseModel]) -> Iterator[dict[str, Any]]:
    return (record.model_dump(mode="json") for record in records)


TABLES: Final = {
    "estimates": Table(_estimate_columns, _estimates),
    "calls": Table(_call_columns, _calls),
    "phases": Table(_phase_columns, _phases),
    "runs": Table(_run_columns, _runs),
}
