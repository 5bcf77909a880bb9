"""Gives what is free inside a file back to the disk."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

from ...errors import StoreError
from .._records import Space

if TYPE_CHECKING:
    from .._connection import Pace

#: Pages of one step: others wait for it.
_PAGES: Final = 250
#: To which size the log beside the file shrinks, in bytes.
_LOG_LIMIT: Final = 16 * 2**20
#: How long to wait, in milliseconds, for those who still read from the log.
_PATIENCE: Final = 50


class _File(Protocol):
    def pragma(self, name: str) -> int: ...

    def execute(self, sql: str) -> list[tuple[Any, ...]]: ...

    def run_script(self, script: str) -> None: ...


def give_back(connection: _File, pace: Pace) -> Space:
    """Shorten the file by its free pages, and the log to nothing, as far as others let us."""
    before = connection.pragma("page_count")
    with suppress(StoreError):  # who writes comes first; what is left is for the next time
        _vacuum(connection, pace)
    with suppress(StoreError):
        _shorten_log(connection)
    size = connection.pragma("page_size")
    freed = max(0, before - connection.pragma("page_count"))
    return Space(freed_bytes=freed * size, free_bytes=connection.pragma("freelist_count") * size)


def limit_log(connection: _File) -> None:
    """Keep the log small while many pages change."""
    connection.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT}")


def _vacuum(connection: _File, pace: Pace) -> None:
    left = connection.pragma("freelist_count")
    while left and pace.is_time_left:
        connection.run_script(f"PRAGMA incremental_vacuum({_PAGES})")
        now = connection.pragma("freelist_count")
        if now >= left:
            return  # the file was made to keep its pages
        left = now
        pace.pause()


def _shorten_log(connection: _File) -> None:
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    patience = connection.pragma("busy_timeout")
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
