"""An OpenAI stream whose lines come at their moments on a clock, behind the real SDK."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from understudy.clock import Clock

# The SDK moved from httpx to httpx2 with its third major version.
httpx: Any = import_module("httpx2" if int(version("openai").split(".")[0]) > 2 else "httpx")

MESSAGES: Final[list[Any]] = [{"role": "user", "content": "Say twenty lines."}]
LINES: Final = 20
THINK: Final = 15.0
PER_LINE: Final = 1.5
TOTAL: Final = THINK + (LINES - 1) * PER_LINE


def _chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "gpt-4o",
        "choices": [choice],
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


HEAD: Final = _chunk({"role": "assistant", "content": ""})
TAIL: Final = _chunk({}, "stop") + b"data: [DONE]\n\n"


@dataclass
class Played(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc]
    """The body: a head at once, each line at its moment, then the tail. Plays once.

    The SDK reads on after `[DONE]`; a body that began anew would wait for everything again.
    """

    clock: Clock
    think: float = THINK
    per_line: float = PER_LINE
    sent: int = 0
    is_closed: bool = False
    _play: Any = None

    def __iter__(self) -> Iterator[bytes]:
        self._play = self._play or self._sync()
        return self._play  # type: ignore[no-any-return]

    def __aiter__(self) -> AsyncIterator[bytes]:
        self._play = self._play or self._async()
        return self._play  # type: ignore[no-any-return]

    def close(self) -> None:
        """Note it."""
        self.is_closed = True

    async def aclose(self) -> None:
        """Note it."""
        self.is_closed = True

    def _sync(self) -> Iterator[bytes]:
        began = self.clock.now()
        yield HEAD
        for number in range(LINES):
            self.clock.sleep_until(began + self.think + number * self.per_line)
            yield self._line(number)
        yield TAIL

    async def _async(self) -> AsyncIterator[bytes]:
        began = self.clock.now()
        yield HEAD
        for number in range(LINES):
            await self.clock.async_sleep_until(began + self.think + number * self.per_line)
            yield self._line(number)
        yield TAIL

    def _line(self, number: int) -> bytes:
        self.sent += 1
        return _chunk({"content": f"line {number}\n"})


@dataclass
class PlayedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):  # type: ignore[misc]
    """Answers with played streams, after as many refusals as are asked for."""

    clock: Clock
    refusals: int = 0
    refusal: dict[str, str] = field(default_factory=dict)
    delays: tuple[float, float] = (THINK, PER_LINE)
    bodies: list[Played] = field(default_factory=list)

    def handle_request(self, request: Any) -> Any:
        """Answer a synchronous client."""
        return self._answer()

    async def handle_async_request(self, request: Any) -> Any:
        """Answer an asynchronous client."""
        return self._answer()

    def _answer(self) -> Any:
        if self.refusals:
            self.refusals -= 1
            return httpx.Response(429, headers=self.refusal, json={"error": {"message": "slow"}})
        body = Played(self.clock, *self.delays)
        self.bodies.append(body)
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=body)
