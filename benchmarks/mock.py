"""What a mocked call costs, over the same SDK on a trivial transport, beside its peers.

Target: at most 1.05 times the floor for a JSON call and for a 50-chunk stream, 1.2 times with
telemetry. The floor sends the very bytes that the mock sends. respx takes part where it is
installed, and pytest-mockllm, which needs an environment of its own (`tox -e bench-mockllm`) and
stands in for the SDK's methods, so that nothing of the SDK runs.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import httpx2
from anthropic import Anthropic, AsyncAnthropic
from openai import AsyncOpenAI, OpenAI

from benchmarks._timing import paired
from understudy.app import build_instrumentation, open_event_log
from understudy.clock import RealClock
from understudy.durable import Journal
from understudy.endpoint import Endpoint
from understudy.events import new_id
from understudy.extensions import find_extensions
from understudy.intercept import Taps
from understudy.mock import MockLibrary, MockLLM
from understudy.providers import default_apis
from understudy.telemetry import JournalWriter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from contextlib import AbstractContextManager

    from understudy.calls import Request
    from understudy.endpoint import Answered
    from understudy.intercept import Observation

LINES = 48
MESSAGES: Any = [{"role": "user", "content": "What is the capital of France?"}]
APIS = default_apis()


class Understudy:
    """Answers with a mock, and keeps what it sent."""

    def __init__(self, lines: int) -> None:
        self.mock = MockLLM(MockLibrary.default(), clock=RealClock())
        self.mock.reply(_text(lines))
        self._endpoint = Endpoint(self.mock, APIS)
        self.sent: tuple[int, tuple[tuple[str, str], ...], list[bytes]] = (0, (), [])

    def answer(self, request: Request, _: Observation | None) -> Answered:
        """Answer the call."""
        recognised = APIS.recognise(request)
        assert recognised is not None
        answered = self._endpoint.answer(request, recognised)
        assert answered is not None
        return answered

    def keep(self, request: Request, observation: Observation | None) -> Answered:
        """Answer the call, and keep the bytes."""
        answered = self.answer(request, observation)
        played = answered.playback
        self.sent = played.status, played.headers, [data for _, data in played.chunks]
        return answered


class Unwatched:
    """Watches nothing."""

    def begin(self, client: str, request: Request) -> None:
        """Watch nothing."""

    def go_on(self, observation: object, client: str, request: Request, *, since: float) -> None:
        """Watch nothing."""

    def sent(self, observation: object, body: bytes) -> None:
        """Watch nothing."""

    def fault(self, error: Exception) -> None:
        """Say what is wrong."""
        raise error


class Body(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that comes in pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


class Trivial(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers at once with what was made before: the floor under every client."""

    def __init__(self, sent: tuple[int, tuple[tuple[str, str], ...], list[bytes]]) -> None:
        self._status, headers, self._pieces = sent
        self._headers = list(headers)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:  # noqa: ARG002
        """Answer."""
        return httpx2.Response(self._status, headers=self._headers, stream=Body(self._pieces))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer."""
        return self.handle_request(request)


@dataclass(frozen=True, slots=True)
class Case:
    """A call, and how to make its client."""

    name: str
    make: Callable[..., Any]
    call: Callable[[Any], Any]
    calls: int
    lines: int = 1
    is_async: bool = False


def _openai(client: OpenAI) -> object:
    return client.chat.completions.create(model="gpt-4o", messages=MESSAGES)


def _openai_stream(client: OpenAI) -> object:
    options: Any = {"include_usage": True}
    stream = client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, stream=True, stream_options=options
    )
    return list(stream)


async def _openai_async_stream(client: AsyncOpenAI) -> object:
    stream = await client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True)
    return [chunk async for chunk in stream]


def _anthropic(client: Anthropic) -> object:
    return client.messages.create(model="claude-sonnet-4-5", max_tokens=99, messages=MESSAGES)


def _anthropic_stream(client: Anthropic) -> object:
    return list(
        client.messages.create(
            model="claude-sonnet-4-5", max_tokens=99, messages=MESSAGES, stream=True
        )
    )


async def _anthropic_async_stream(client: AsyncAnthropic) -> object:
    stream = await client.messages.create(
        model="claude-sonnet-4-5", max_tokens=99, messages=MESSAGES, stream=True
    )
    return [event async for event in stream]


CASES = (
    Case("openai, JSON", OpenAI, _openai, 200),
    Case("openai, stream", OpenAI, _openai_stream, 25, LINES),
    Case("openai, async stream", AsyncOpenAI, _openai_async_stream, 25, LINES, is_async=True),
    Case("anthropic, JSON", Anthropic, _anthropic, 200),
    Case("anthropic, stream", Anthropic, _anthropic_stream, 50, LINES),
    Case(
        "anthropic, async stream", AsyncAnthropic, _anthropic_async_stream, 50, LINES, is_async=True
    ),
)


@contextmanager
def _mocked(lines: int) -> Iterator[None]:
    with Taps(Unwatched(), answerer=Understudy(lines)):
        yield


@contextmanager
def _recorded(lines: int) -> Iterator[None]:
    extensions = find_extensions([], pyproject=Path("none"))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_:
        journal = Journal.open(Path(folder) / "run" / "main.jsonl")
        open_.callback(journal.close)
        event_log = open_event_log(extensions, JournalWriter(journal.append), run_id=new_id())
        rig = build_instrumentation(extensions, event_log)
        open_.enter_context(Taps(rig.recorder, answerer=Understudy(lines)))
        yield


def _text(lines: int) -> str:
    return "\n".join(f"The capital is line {number}." for number in range(lines))


@contextmanager
def _mockllm(case: Case) -> Iterator[None]:
    maker = "openai" if "OpenAI" in case.make.__name__ else "anthropic"
    provider = import_module(f"pytest_mockllm.providers.{maker}")
    with getattr(provider, {"openai": "OpenAIMock", "anthropic": "AnthropicMock"}[maker])() as mock:
        mock.set_default_response(_text(case.lines))
        yield


def _respx(sent: tuple[int, tuple[tuple[str, str], ...], list[bytes]]) -> Any:
    status, headers, pieces = sent

    @contextmanager
    def routed() -> Iterator[None]:
        import httpx
        import pytest_httpx2  # noqa: F401 - makes "httpcore2" known
        import respx

        def answer(_: httpx.Request) -> httpx.Response:
            return httpx.Response(status, headers=list(headers), stream=_respx_body(pieces))

        with respx.mock(using="httpcore2") as router:
            router.route().mock(side_effect=answer)
            yield

    return routed


def _respx_body(pieces: list[bytes]) -> Any:
    import httpx

    class RespxBody(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield from pieces

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece

    return RespxBody()


def _bytes_of(call: Callable[[Any], object], client: Any, lines: int) -> Any:
    understudy = Understudy(lines)

    class Keeper:
        answer = staticmethod(understudy.keep)

    with Taps(Unwatched(), answerer=Keeper()):
        call(client)
    return understudy.sent


def _compare(case: Case, run: Callable[[Any], Any]) -> None:
    def call(client: Any) -> object:
        return run(case.call(client)) if case.is_async else case.call(client)

    client = case.make(api_key="none", max_retries=0)
    sent = _bytes_of(call, client, case.lines)
    http = (httpx2.AsyncClient if case.is_async else httpx2.Client)(transport=Trivial(sent))
    floored = case.make(api_key="none", max_retries=0, http_client=http)
    ways: dict[str, tuple[Callable[[], AbstractContextManager[object]], Callable[[], object]]] = {
        "floor": (nullcontext, lambda: call(floored)),
        "understudy": (partial(_mocked, case.lines), lambda: call(client)),
        "  with telemetry": (partial(_recorded, case.lines), lambda: call(client)),
    }
    if find_spec("respx") is not None:
        ways["respx"] = _respx(sent), lambda: call(client)
    if find_spec("pytest_mockllm") is not None:
        ways["pytest-mockllm"] = partial(_mockllm, case), lambda: call(client)
    spent = paired(ways, rounds=15, calls=case.calls)
    floor = spent.pop("floor")
    chunks, cost = len(sent[2]), median(one.cpu for one in floor) * 1e6
    print(f"{case.name}, {chunks} chunks, on a trivial transport: {cost:.0f} µs CPU")
    for name, figures in spent.items():
        ratio = median(one.cpu / base.cpu for one, base in zip(figures, floor, strict=True))
        print(f"  {name:<16} {ratio:.3f} x")


def main() -> None:
    """Print what a mocked call costs, as a multiple of the floor."""
    loop = asyncio.new_event_loop()

    def run(awaited: Awaitable[Any]) -> Any:
        return loop.run_until_complete(awaited)

    for case in CASES:
        _compare(case, run)
    loop.close()


if __name__ == "__main__":
    main()
