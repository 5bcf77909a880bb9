"""Answers in the network's place, for urllib3.

The pool's own code runs as ever, and `http.client` parses the bytes, but for the connection:
its socket reads what is played.
"""

from __future__ import annotations

import sys
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any

from ...playback import Broken, Player
from ._http1 import Framing, refuses_connection, system_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._answer import Answer


def answered_connection(pool: Any, method: str, answer: Answer) -> Any:
    """Return a connection of urllib3's own class that leads to `answer`, for one request.

    Raises urllib3's NewConnectionError where the answer is that nobody takes the connection.
    """
    connection = sys.modules["urllib3.connection"].HTTPConnection(pool.host, pool.port)
    if refuses_connection(answer.playback):
        _refuse(connection, answer)
    connection.sock = _Socket(answer, method)
    connection.is_verified = True
    return connection


def _refuse(connection: Any, answer: Answer) -> None:
    try:
        answer.player().wait_for_head()
    except Broken as broken:
        text = f"Failed to establish a new connection: {system_error(broken)}"
        raise sys.modules["urllib3.exceptions"].NewConnectionError(connection, text) from broken


class _Socket:
    """Takes whatever is sent; what is read from it is played."""

    #: No kind of address: it leads nowhere.
    family = None

    def __init__(self, answer: Answer, method: str) -> None:
        self._answer = answer
        self._method = method
        self._timeout: float | None = None

    def settimeout(self, timeout: float | None) -> None:
        self._timeout = timeout

    def sendall(self, data: object) -> None:
        """Take it."""

    def makefile(self, *_: Any) -> BufferedReader:
        return BufferedReader(_PlayedBytes(self._answer.player(self._timeout), self._method))

    def shutdown(self, how: int) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open: what is read has a life of its own."""


class _PlayedBytes(RawIOBase):
    def __init__(self, player: Player, method: str) -> None:
        super().__init__()
        self._player = player
        self._coming = _wire_bytes(player, method)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._coming, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        self._player.close()
        super().close()


def _wire_bytes(player: Player, method: str) -> Iterator[bytes]:
    try:
        player.wait_for_head()
        framing = Framing(player, method)
        yield framing.head
        for data in player:
            if data:
                yield framing.frame(data)
        if framing.end:
            yield framing.end
    except Broken as broken:
        error = system_error(broken)
        if error is not None:
            raise error from broken
