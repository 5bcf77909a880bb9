"""Real SDKs on a transport that plays what an endpoint answers."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from understudy.calls import Request
from understudy.clock import Clock, RealClock
from understudy.endpoint import Answered, Endpoint
from understudy.mock import MockLibrary, MockLLM
from understudy.playback import Breakage, Broken
from understudy.providers import default_apis

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

LIBRARY = MockLibrary.default()
QUESTION: list[Any] = [{"role": "user", "content": "What is the weather in Oslo?"}]

_APIS = default_apis()
_ERRORS = {
    Breakage.CONNECTION_REFUSED: "ConnectError",
    Breakage.RESET: "ReadError",
    Breakage.PEER_DROP: "RemoteProtocolError",
    Breakage.READ_TIMEOUT: "ReadTimeout",
}


class Theatre:
    """A mock, and clients of httpx and httpx2 that it answers."""

    def __init__(self, clock: Clock | None = None, **options: Any) -> None:
        self.clock = clock or RealClock()
        self.mock = MockLLM(LIBRARY, clock=self.clock, **options)
        self._endpoint = Endpoint(self.mock, _APIS)

    def answer(self, request: Any, body: bytes) -> Answered:
        """Answer a request of httpx or httpx2."""
        neutral = Request(request.method, str(request.url), request.headers, body)
        recognised = _APIS.recognise(neutral)
        assert recognised is not None, f"nobody knows {request.url}"
        answered = self._endpoint.answer(neutral, recognised)
        assert answered is not None
        return answered

    def client(self, library: str = "httpx2", **options: Any) -> Any:
        """Return a client of httpx or httpx2."""
        return import_module(library).Client(transport=self.transport(library), **options)

    def async_client(self, library: str = "httpx2", **options: Any) -> Any:
        """Return an asynchronous client of httpx or httpx2."""
        return import_module(library).AsyncClient(transport=self.transport(library), **options)

    def transport(self, library: str = "httpx2") -> Any:
        """Return a transport for clients of both sorts."""
        return _transport(self, import_module(library))


def _transport(theatre: Theatre, library: Any) -> Any:
    body, async_body = _body(library), _async_body(library)

    class Transport(library.BaseTransport, library.AsyncBaseTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            player = theatre.answer(request, request.read()).player(_read_timeout(request))
            with _translated(library):
                player.wait_for_head()
            return library.Response(
                player.status, headers=list(player.headers), stream=body(player)
            )

        async def handle_async_request(self, request: Any) -> Any:
            answered = theatre.answer(request, await request.aread())
            player = answered.async_player(_read_timeout(request))
            with _translated(library):
                await player.wait_for_head()
            return library.Response(
                player.status, headers=list(player.headers), stream=async_body(player)
            )

    return Transport()


def _body(library: Any) -> Any:
    class Body(library.SyncByteStream):  # type: ignore[misc]
        def __init__(self, player: Any) -> None:
            self._player = player

        def __iter__(self) -> Iterator[bytes]:
            with _translated(library):
                yield from self._player

        def close(self) -> None:
            self._player.close()

    return Body


def _async_body(library: Any) -> Any:
    class AsyncBody(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, player: Any) -> None:
            self._player = player

        async def __aiter__(self) -> AsyncIterator[bytes]:
            with _translated(library):
                async for chunk in self._player:
                    yield chunk

        async def aclose(self) -> None:
            await self._player.aclose()

    return AsyncBody


@contextmanager
def _translated(library: Any) -> Iterator[None]:
    try:
        yield
    except Broken as broken:
        raise getattr(library, _ERRORS[broken.kind])(str(broken)) from broken


def _read_timeout(request: Any) -> float | None:
    timeout: float | None = request.extensions.get("timeout", {}).get("read")
    return timeout
