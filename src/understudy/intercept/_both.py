"""Two that hear of one answer where there is room for one."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar


class Hearer(Protocol):
    """Is told of the body of an answer, and of its end."""

    def chunk(self, data: bytes) -> None:
        """Take a piece of the body."""

    def end(self) -> None:
        """The body was read to its end."""

    def close(self) -> None:
        """The response was given up."""

    def fail(self, error: BaseException) -> None:
        """The answer ended with `error`."""


_Hearer = TypeVar("_Hearer", bound=Hearer)


class Both(Generic[_Hearer]):
    """Tells two all that one would be told, the first one first."""

    __slots__ = ("_first", "_second")

    def __init__(self, first: _Hearer, second: _Hearer) -> None:
        self._first = first
        self._second = second

    def chunk(self, data: bytes) -> None:
        """Pass on a piece of the body."""
        self._first.chunk(data)
        self._second.chunk(data)

    def end(self) -> None:
        """Pass on that the body was read to its end."""
        self._first.end()
        self._second.end()

    def close(self) -> None:
        """Pass on that the response was given up."""
        self._first.close()
        self._second.close()

    def fail(self, error: BaseException) -> None:
        """Pass on that `error` ended the answer."""
        self._first.fail(error)
        self._second.fail(error)
