"""Deletes rows in steps so short that nobody who writes beside it waits for long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...clock import Clock
    from .._connection import Connection
    from ._order import Watch

#: Rows of one transaction that are deleted by their keys, and the seconds after each transaction
#: in which others get their turn.
CHUNK: Final = 1000
PAUSE: Final = 0.005


class Steps:
    """Takes one step after the other until the time is up."""

    def __init__(
        self, connection: Connection, clock: Clock, watch: Watch, *, seconds: float | None
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._watch = watch
        self._end = None if seconds is None else clock.now() + seconds

    @property
    def is_time_left(self) -> bool:
        """Whether another step may begin."""
        return self._end is None or self._clock.now() < self._end

    def pause(self) -> None:
        """Let others write."""
        self._clock.sleep(PAUSE)

    def delete(self, table: str, where: str, keys: Sequence[Sequence[Any]]) -> tuple[int, bool]:
        """Delete rows by their keys; return how many there were, and whether all are done."""
        deleted = 0
        for start in range(0, len(keys), CHUNK):
            if not self.is_time_left:
                return deleted, False
            deleted += self.step(table, where, keys[start : start + CHUNK])
        return deleted, True

    def step(self, table: str, where: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Delete rows, once for each of `parameters`; return how many there were."""
        with self._connection.transaction():
            gone = self._connection.delete_rows(table, where, parameters)
        self._watch("deleted", gone)
        self.pause()
        return gone
