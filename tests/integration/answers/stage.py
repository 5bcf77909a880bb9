"""Real SDKs on a trivial transport: what comes back is what the writers wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from understudy.calls import Request, Usage
from understudy.providers import default_apis
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
    from collections.abc import AsyncIterator, Iterator, Mapping

PROMPT = "Say some words."
MESSAGES: list[Any] = [{"role": "user", "content": PROMPT}]
USAGE = Usage(input_tokens=11, output_tokens=7, cache_read_tokens=4, reasoning_tokens=2)

_APIS = default_apis()


@dataclass
class Stage:
    """Answers every request with the one answer that it holds."""

    answer: Reply | Failure = field(default_factory=lambda: reply(TextLine(("Hello",))))
    asked: list[Request] = field(default_factory=list)

    def play(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Rendered:
        """Answer one request."""
        lower = {name.lower(): value for name, value in headers.items()}
        request = Request(method, url, lower, body)
        self.asked.append(request)
        recognised = _APIS.recognise(request)
        assert recognised is not None, f"nobody knows {method} {url}"
        return _APIS.write(recognised.question(request), self.answer)

    def transport(self, library: str) -> Any:
        """Return a transport of httpx or httpx2, for clients of both sorts."""
        return _transport(self, import_module(library))

    def client(self, library: str) -> Any:
        """Return a client of httpx or httpx2."""
        return import_module(library).Client(transport=self.transport(library))

    def async_client(self, library: str) -> Any:
        """Return an asynchronous client of httpx or httpx2."""
        return import_module(library).AsyncClient(transport=self.transport(library))


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


def _transport(stage: Stage, library: Any) -> Any:
    class Pieces(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, rendered: Rendered) -> None:
            self.rendered = rendered

        def __iter__(self) -> Iterator[bytes]:
            yield from (piece.data for piece in self.rendered.pieces)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for piece in self.rendered.pieces:
                yield piece.data

    class Transport(library.BaseTransport, library.AsyncBaseTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            return self._respond(request, request.read())

        async def handle_async_request(self, request: Any) -> Any:
            return self._respond(request, await request.aread())

        def _respond(self, request: Any, body: bytes) -> Any:
            rendered = stage.play(request.method, str(request.url), request.headers, body)
            return library.Response(
                rendered.status, headers=list(rendered.headers), stream=Pieces(rendered)
            )

    return Transport()
