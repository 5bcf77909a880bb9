"""A gateway in this process: asked over ASGI, or served on a port of loopback."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from tests.support.answering import APIS

from understudy.clock import RealClock
from understudy.gateway import Addresses, Control, Door, Gateway, MockedTests, server
from understudy.mock import MockLibrary, MockLLM

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from understudy.clock import Clock

LIBRARY = MockLibrary.default()


@dataclass
class Mocked:
    """A gateway of mocks; `said` is what it noted of itself."""

    clock: Clock = field(default_factory=RealClock)
    profile: str = "instant"
    door: Door = field(default_factory=Door)
    most_body_bytes: int = 1 << 20
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tests = MockedTests(APIS, self._made)
        self.gateway = Gateway(
            Addresses(APIS),
            self.tests,
            door=self.door,
            own=(Control(self.tests),),
            note=self.said.append,
        )
        self.gateway.most_body_bytes = self.most_body_bytes

    @property
    def mock(self) -> MockLLM:
        """That of who names no test."""
        return self.tests.mock("")

    def _made(self, test: str) -> MockLLM:
        return MockLLM(LIBRARY, clock=self.clock, profile=self.profile, node_id=test)


@dataclass(frozen=True)
class Got:
    """What came back: `times` are seconds after the request, of each piece of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    times: tuple[float, ...]


async def ask(
    gateway: Gateway,
    path: str,
    body: bytes = b"{}",
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> Got:
    """Ask over ASGI, as a client that waits for the end."""
    clock = clock or RealClock()
    began, sent, came = clock.now(), iter([body]), []
    over = asyncio.Event()

    async def receive() -> dict[str, Any]:
        piece = next(sent, None)
        if piece is None:
            await over.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": False}

    async def send(message: Any) -> None:
        came.append((round(clock.now() - began, 6), message))

    raw, _, query = path.partition("?")
    told = {"host": "127.0.0.1", "content-type": "application/json", **(headers or {})}
    scope = {
        "type": "http",
        "method": method,
        "path": raw,
        "raw_path": raw.encode("latin-1", "replace"),
        "query_string": query.encode("latin-1", "replace"),
        "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in told.items()],
    }
    await gateway(scope, receive, send)
    over.set()
    (_, head), *pieces = came
    named = {name.decode(): value.decode("latin-1") for name, value in head["headers"]}
    whole = b"".join(each.get("body", b"") for _, each in pieces)
    return Got(head["status"], named, whole, tuple(at for at, each in pieces if each.get("body")))


@contextmanager
def served(gateway: Gateway, end: Callable[[], Awaitable[None]] | None = None) -> Iterator[str]:
    """Serve in a thread; yields where."""
    is_ready = Event()
    with server.listen("127.0.0.1", 0, is_open=True) as listener:
        url = server.url_of(listener)
        running = server.server_of(gateway, is_ready.set, end)
        thread = Thread(target=running.run, args=([listener],))
        thread.start()
        try:
            assert is_ready.wait(60)
            yield url
        finally:
            running.should_exit = True
            thread.join()
