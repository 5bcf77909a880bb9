"""A table of sums over a length of time, and how more is added to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._connection import Connection

Key: TypeAlias = "tuple[Any, ...]"


class Sums(Protocol):
    """What stands in a row behind its key."""

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Read the values of a row."""

    def row(self) -> tuple[Any, ...]:
        """Return them."""

    def absorb(self, other: Self) -> None:
        """Count all that `other` counted."""


AnySums = TypeVar("AnySums", bound=Sums)


@dataclass(frozen=True, slots=True)
class Grain:
    """A table: its key, in it the column of time, `length` characters of `ts`, and its `values`."""

    table: str
    key: tuple[str, ...]
    column: str
    length: int
    values: tuple[str, ...]

    def add(self, connection: Connection, fresh: Mapping[Key, AnySums]) -> None:
        """Add sums to the rows of their keys; `fresh` then holds what is in these."""
        for key, sums in fresh.items():
            for stored in connection.execute(self._select, key):
                sums.absorb(type(sums).from_row(stored))
        rows = [(*key, *sums.row()) for key, sums in fresh.items()]
        connection.execute_many(self._upsert, rows)

    def all_rows(self, connection: Connection) -> list[tuple[Any, ...]]:
        """Return the values of every row."""
        return connection.execute(f"SELECT {', '.join(self.values)} FROM {self.table}")  # noqa: S608

    @property
    def _select(self) -> str:
        same = " AND ".join(f"{column} = ?" for column in self.key)
        return f"SELECT {', '.join(self.values)} FROM {self.table} WHERE {same}"  # noqa: S608

    @property
    def _upsert(self) -> str:
        """One row, new or instead of the one that was there."""
        columns = (*self.key, *self.values)
        return (
            f"INSERT INTO {self.table} ({', '.join(columns)}) "  # noqa: S608
            f"VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET "
            + ", ".join(f"{column} = excluded.{column}" for column in self.values)
        )
