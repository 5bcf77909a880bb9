"""The seam between the store and a database, and what a database can say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ..errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from ._records import Space


def newer_version(location: object, version: int, known: int) -> StoreError:
    """Make the error of a store whose schema we do not know yet."""
    return StoreError(
        f"the store {location} was written by a newer pytest-understudy (schema {version}, "
        f"this one knows {known}); upgrade, or name another store"
    )


class CorruptStoreError(StoreError):
    """The file is damaged: it is to be set aside and a new one made."""


class RefusedRowError(StoreError):
    """The database refuses a value: only that row is lost, and counted."""


class PruneIsRunningError(StoreError):
    """Another process prunes the store."""

    def __init__(self, location: object) -> None:
        super().__init__(f"another prune of the store {location} is running; wait until it ends")


class Pace(Protocol):
    """How fast somebody works who makes others wait."""

    @property
    def is_time_left(self) -> bool:
        """Whether another step may begin."""

    def pause(self) -> None:
        """Let others write."""


class Connection(Protocol):
    """A connection to a database of ours, at the current version of the schema.

    SQL has `?` for its parameters and holds no other question mark and no percent sign.
    Times go in as text of `timestamp_text` and come out as text or as datetime. All
    methods raise StoreError, `RefusedRowError` where a value breaks a constraint and
    `CorruptStoreError` where the file is damaged.
    """

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""

    def stream(
        self, sql: str, parameters: Sequence[Any] = (), *, size: int
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Run one query and yield its rows, at most `size` at a time; not inside a transaction."""

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of `rows`."""

    def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert new `rows`, none of which is there, inside a transaction."""

    def delete_rows(self, table: str, where: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Delete the rows that meet `where`, once for each of `parameters`; return how many."""

    def transaction(self) -> AbstractContextManager[None]:
        """Keep all writes inside or none; one writer at a time, a nested one is a savepoint."""

    def row_counts(self) -> dict[str, int]:
        """Return how many rows each table of records has."""

    def table_bytes(self, table: str) -> int | None:
        """Return what a table takes with its indexes, None where the database does not tell."""

    def pruning(self) -> AbstractContextManager[None]:
        """Be the only one who prunes; raises StoreError where another one does."""

    def give_back(self, pace: Pace) -> Space:
        """Give what is free back to the disk, in steps."""

    def size_bytes(self) -> int:
        """Return what the database takes on disk."""

    def close(self) -> None:
        """Close the connection."""
