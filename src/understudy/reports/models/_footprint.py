"""How large a store is, and its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .._layout import Column, lay_out
from ._cells import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime


class TableSize(Protocol):
    """How large one table is; its size is an estimate."""

    @property
    def table(self) -> str: ...

    @property
    def size_bytes(self) -> int: ...

    @property
    def rows(self) -> int: ...

    @property
    def oldest(self) -> datetime | None: ...


class Footprint(Protocol):
    """How large a store is; `size_bytes` is exact."""

    @property
    def size_bytes(self) -> int: ...

    @property
    def oldest(self) -> datetime | None: ...

    @property
    def tables(self) -> Sequence[TableSize]: ...


def footprint_lines(footprint: Footprint, width: int) -> Iterator[str]:
    """Yield the whole, then a table with one row for each table of the store."""
    tables = footprint.tables
    rows = sum(each.rows for each in tables)
    yield f"size    {footprint.size_bytes / 1e6:,.1f} MB, {rows:,} rows"
    yield f"oldest  {_text(footprint.oldest) or UNKNOWN}"
    yield ""
    yield from lay_out(
        [
            Column("table", tuple(each.table for each in tables), name=24),
            Column("rows", tuple(f"{each.rows:,}" for each in tables)),
            Column("MB, about", tuple(f"{each.size_bytes / 1e6:,.2f}" for each in tables)),
            Column("oldest", tuple(_text(each.oldest) or UNKNOWN for each in tables), rank=1),
        ],
        width,
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M:%S %Z}"
