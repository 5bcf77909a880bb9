"""Answers of a mock as a program sees them that calls no HTTP: dicts, chunks and errors."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ...playback import Breakage, Broken
from ...wire.streams import DONE, framing_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...playback import AsyncPlayer, Player
    from ...wire.streams import Splitter

FIRST_ERROR: Final = 400


class MockProviderError(Exception):
    """The mock refused a call: `status`, `headers` in lower case, and the `body` it sent."""

    def __init__(self, name: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(f"{name} refused the call with status {status}")
        self.status = status
        self.headers = dict(headers)
        self.body = body.decode("utf-8", "replace")


def connection_error(name: str, broken: Broken) -> OSError:
    """Return what a client raises where the connection breaks."""
    kind, words = _ERRORS[broken.kind]
    return kind(f"{name}: {words}")


def refusal(name: str, player: Player | AsyncPlayer, body: bytes) -> MockProviderError:
    """Return the error for an answer whose status is one."""
    headers = {key.lower(): value for key, value in player.headers}
    return MockProviderError(name, player.status, headers, body)


def whole(name: str, player: Player | AsyncPlayer, body: bytes) -> dict[str, Any]:
    """Return an answer that came whole.

    Raises:
        MockProviderError: its status is an error.
        ValueError: it is no JSON object.
    """
    if player.status >= FIRST_ERROR:
        raise refusal(name, player, body)
    answer: dict[str, Any] = json.loads(body)
    return answer


class Events:
    """Cuts a stream into its events, as it comes; `[DONE]` is none, but `is_done` then."""

    def __init__(self) -> None:
        self.is_done = False
        self._splitter: Splitter | None = None

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Yield the events that `data` completes.

        Raises:
            ValueError: one is no JSON.
        """
        if self._splitter is None:
            kind = framing_of(data)
            if kind is None:
                return
            self._splitter = kind()
        yield from self._read(self._splitter.feed(data))

    def rest(self) -> Iterator[dict[str, Any]]:
        """Yield what is left where the stream ends."""
        if self._splitter is not None:
            yield from self._read(self._splitter.rest())

    def _read(self, pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        assert self._splitter is not None
        for piece in pieces:
            found = self._splitter.events(piece)
            if not found:
                msg = f"an event of the stream is no JSON: {piece[:60]!r}"
                raise ValueError(msg)
            self.is_done = self.is_done or DONE in found
            yield from (dict(event) for event in found if event is not DONE)


_ERRORS: Final[Mapping[Breakage, tuple[type[OSError], str]]] = MappingProxyType(
    {
        Breakage.CONNECTION_REFUSED: (ConnectionRefusedError, "nobody listens"),
        Breakage.RESET: (ConnectionResetError, "the connection was reset"),
        Breakage.PEER_DROP: (ConnectionAbortedError, "the server hung up in the middle"),
        Breakage.READ_TIMEOUT: (TimeoutError, "nothing came for too long"),
    }
)
