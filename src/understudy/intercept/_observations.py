"""Two observations of one attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..calls import Origin
    from ._protocol import Observation


class BothObservations:
    """Tells two observations all that one would be told, the first one first."""

    __slots__ = ("_first", "_second")

    def __init__(self, first: Observation, second: Observation) -> None:
        self._first = first
        self._second = second

    def answered_by(self, origin: Origin) -> None:
        """Pass on where the answer comes from."""
        self._first.answered_by(origin)
        self._second.answered_by(origin)

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """Pass on status and headers."""
        self._first.responded(status, headers, decoded=decoded)
        self._second.responded(status, headers, decoded=decoded)

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
        """Pass on that `error` ended the attempt."""
        self._first.fail(error)
        self._second.fail(error)
