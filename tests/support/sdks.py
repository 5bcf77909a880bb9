"""Real SDKs on a transport that plays what answers them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tests.support.answering import APIS, Canned

from understudy.calls import Request, Usage
from understudy.clock import Clock, RealClock
from understudy.endpoint import Endpoint
from understudy.mock import MockLibrary, MockLLM
from understudy.playback import Breakage, Broken, Playback
from understudy.wire.writing import (
    Failure,
    Line,
    Rendered,
    Reply,
    TextLine,
    ThinkingLine,
    ToolLine,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from understudy.intercept import Answer

PROMPT = "Say some words."
MESSAGES: list[Any] = [{"role": "user", "content": PROMPT}]
QUESTION: list[Any] = [{"role": "user", "content": "What is the weather in Oslo?"}]
USAGE = Usage(input_tokens=11, output_tokens=7, cache_read_tokens=4, reasoning_tokens=2)
LIBRARY = MockLibrary.default()

_ERRORS = {
    Breakage.CONNECTION_REFUSED: "ConnectError",
    Breakage.RESET: "ReadError",
    Breakage.PEER_DROP: "RemoteProtocolError",
    Breakage.READ_TIMEOUT: "ReadTimeout",
}


class AnsweredClients(ABC):
    """Clients of httpx and httpx2 that are answered without any network."""

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """Answer one request."""

    def play(self, request: Any, body: bytes) -> Answer:
        """Answer a request of httpx or httpx2."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        return self.answer(Request(request.method, str(request.url), headers, body))

    def client(self, library: str = "httpx2", **options: Any) -> Any:
        """Return a client of httpx or httpx2."""
        return import_module(library).Client(transport=self.transport(library), **options)

    def async_client(self, library: str = "httpx2", **options: Any) -> Any:
        """Return an asynchronous client of httpx or httpx2."""
        return import_module(library).AsyncClient(transport=self.transport(library), **options)

    def transport(self, library: str = "httpx2") -> Any:
        """Return a transport for clients of both sorts."""
        return _transport(self, import_module(library))


class OneReply(AnsweredClients):
    """Answers every request with the one reply that it holds."""

    def __init__(self) -> None:
        self.reply: Reply | Failure = reply(TextLine(("Hello",)))
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Answer:
        """Play what is written, all of it at once."""
        written = self.write(request)
        chunks = [(0.0, piece.data) for piece in written.pieces]
        return Canned(Playback(status=written.status, headers=written.headers, chunks=chunks))

    def write(self, request: Request) -> Rendered:
        """Write the reply in the form of whoever is asked."""
        self.asked.append(request)
        recognised = APIS.recognise(request)
        assert recognised is not None, f"nobody knows {request.method} {request.url}"
        return APIS.write(recognised.question(request), self.reply)


class MockedClients(AnsweredClients):
    """A mock, and clients that it answers."""

    def __init__(self, clock: Clock | None = None, **options: Any) -> None:
        self.clock = clock or RealClock()
        self.mock = MockLLM(LIBRARY, clock=self.clock, **options)
        self._endpoint = Endpoint(self.mock, APIS)

    def answer(self, request: Request) -> Answer:
        """Ask the mock."""
        recognised = APIS.recognise(request)
        assert recognised is not None, f"nobody knows {request.url}"
        answered = self._endpoint.answer(request, recognised)
        assert answered is not None
        return answered


def reply(*lines: Line, **told: Any) -> Reply:
    """Return a reply with the usage of all these tests."""
    return Reply(lines=lines, usage=told.pop("usage", USAGE), id=told.pop("id", "t1"), **told)


def story() -> Reply:
    """Return a reply with thoughts, a text of two lines, and two tool calls."""
    return reply(
        ThinkingLine(("Let me ", "think.")),
        TextLine(("Hel", "lo\n")),
        TextLine(("world",)),
        ToolLine("get_weather", ('{"city":', ' "Oslo"}')),
        ToolLine("get_time", ("{}",), "call_mine"),
    )


def _transport(answered: AnsweredClients, library: Any) -> Any:
    body, async_body = _body(library), _async_body(library)

    class Transport(library.BaseTransport, library.AsyncBaseTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            player = answered.play(request, request.read()).player(_read_timeout(request))
            with _translated(library):
                player.wait_for_head()
            return library.Response(
                player.status, headers=list(player.headers), stream=body(player)
            )

        async def handle_async_request(self, request: Any) -> Any:
            answer = answered.play(request, await request.aread())
            player = answer.async_player(_read_timeout(request))
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
