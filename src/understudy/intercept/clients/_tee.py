"""Two attempts where a library has room for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._attempts import HttpAttempt


class Tee:
    """Two attempts that hear of one response, where that has room for one: the first one first."""

    __slots__ = ("_first", "_second")

    def __init__(self, first: HttpAttempt | Tee, second: HttpAttempt) -> None:
        self._first = first
        self._second = second

    def chunk(self, data: bytes) -> None:
        self._first.chunk(data)
        self._second.chunk(data)

    def end(self) -> None:
        self._first.end()
        self._second.end()

    def close(self) -> None:
        self._first.close()
        self._second.close()

    def fail(self, error: BaseException) -> None:
        self._first.fail(error)
        self._second.fail(error)
