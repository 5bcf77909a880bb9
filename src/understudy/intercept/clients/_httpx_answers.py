"""Answers in the network's place, for httpx and httpx2.

The client's own code runs as ever, but for the transport that it sends through.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Final, Self

from ...playback import AsyncPlayer, Breakage, Broken, Player

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .._answer import Answer

#: Transports that lead to no network: the libraries' own, and that of Starlette's TestClient.
_INSIDE: Final = frozenset(
    {"MockTransport", "ASGITransport", "WSGITransport", "_TestClientTransport"}
)
#: Which error of the library a breakage is, and what it says.
_ERRORS: Final = MappingProxyType(
    {
        Breakage.CONNECTION_REFUSED: ("ConnectError", "[Errno 111] Connection refused"),
        Breakage.RESET: ("ReadError", "[Errno 104] Connection reset by peer"),
        Breakage.READ_TIMEOUT: ("ReadTimeout", "The read operation timed out"),
        Breakage.PEER_DROP: (
            "RemoteProtocolError",
            "Server disconnected without sending a response.",
        ),
    }
)


def stays_inside(transport: object) -> bool:
    """Tell whether what is sent to `transport` does not leave the process."""
    return _is_any_inside(type(transport).__mro__)


@lru_cache(maxsize=64)
def _is_any_inside(kinds: tuple[type[Any], ...]) -> bool:
    return any(kind.__name__ in _INSIDE for kind in kinds)


@dataclass(frozen=True, slots=True)
class SubstituteClient:
    """Makes the stand-ins for one library's clients, which send through an answer."""

    response: type[Any]
    stream: type[Any]
    async_stream: type[Any]
    errors: Any

    @classmethod
    def of(cls, module: ModuleType) -> Self:
        """Return the one for the library whose clients are in `module`."""
        return cls(
            module.Response,
            type("PlayedStream", (_PlayedStream, module.SyncByteStream), {}),
            type("PlayedAsyncStream", (_PlayedAsyncStream, module.AsyncByteStream), {}),
            sys.modules[f"{module.__package__}._exceptions"],
        )

    def client(self, client: Any, answer: Answer) -> _Client:
        """Return a stand-in for a `Client` or `AsyncClient` whose one request is answered."""
        return _Client(client, _Transport(self, answer))

    def responding(self, player: Player | AsyncPlayer, stream: type[Any]) -> Any:
        """Return the response whose body is played."""
        body = stream(player, self)
        return self.response(player.status, headers=player.headers, stream=body)

    def error(self, broken: Broken, *, has_head: bool) -> Exception:
        """Return the library's own error for a broken connection."""
        name, text = _ERRORS[broken.kind]
        if has_head and broken.kind is Breakage.PEER_DROP:
            text = "peer closed connection without sending complete message body "
            text += "(incomplete chunked read)"
        error: Exception = getattr(self.errors, name)(text)
        return error


class _Client:
    """A client, but for the transport that it picks."""

    __slots__ = ("_client", "_transport")

    def __init__(self, client: Any, transport: Any) -> None:
        self._client = client
        self._transport = transport

    def _transport_for_url(self, _: Any) -> Any:
        return self._transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class _Transport:
    """Sends through an answer, where the client blocks and where it awaits."""

    __slots__ = ("_answer", "_substitute")

    def __init__(self, substitute: SubstituteClient, answer: Answer) -> None:
        self._substitute = substitute
        self._answer = answer

    def handle_request(self, request: Any) -> Any:
        player = self._answer.player(_read_timeout(request))
        try:
            player.wait_for_head()
        except Broken as broken:
            raise self._substitute.error(broken, has_head=False) from broken
        return self._substitute.responding(player, self._substitute.stream)

    async def handle_async_request(self, request: Any) -> Any:
        player = self._answer.async_player(_read_timeout(request))
        try:
            await player.wait_for_head()
        except Broken as broken:
            raise self._substitute.error(broken, has_head=False) from broken
        except BaseException:
            player.close()  # cancelled
            raise
        return self._substitute.responding(player, self._substitute.async_stream)


def _read_timeout(request: Any) -> float | None:
    limit: float | None = request.extensions.get("timeout", {}).get("read")
    return limit


class _PlayedStream:
    def __init__(self, player: Player, substitute: SubstituteClient) -> None:
        self._player = player
        self._substitute = substitute

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._player
        except Broken as broken:
            raise self._substitute.error(broken, has_head=True) from broken

    def close(self) -> None:
        self._player.close()


class _PlayedAsyncStream:
    def __init__(self, player: AsyncPlayer, substitute: SubstituteClient) -> None:
        self._player = player
        self._substitute = substitute

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for data in self._player:
                yield data
        except Broken as broken:
            raise self._substitute.error(broken, has_head=True) from broken

    async def aclose(self) -> None:
        self._player.close()
