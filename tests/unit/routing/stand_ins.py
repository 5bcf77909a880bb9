"""A clock that a test moves, and providers that do as they are told."""

from __future__ import annotations

import asyncio
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Literal

from understudy.routing import MemoryCache, Policy, Registry, Router

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from understudy.calls import Usage
    from understudy.routing import Callbacks

READ, WRITTEN = 1000, 500


class ManualClock:
    """Sleeping takes no time: the clock goes on by itself, and remembers how long."""

    name: Literal["real", "virtual"] = "virtual"

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self.moment = 100.0
        self._epoch = start - self.moment
        self.slept: list[float] = []

    def now(self) -> float:
        """Return the moment."""
        return self.moment

    def time(self) -> float:
        """Return the moment since the epoch."""
        return self._epoch + self.moment

    wall = time

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += seconds

    def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self.slept.append(seconds)
        self.moment += seconds

    def sleep_until(self, moment: float) -> None:
        """Pass the time at once."""
        self.sleep(max(moment - self.moment, 0.0))

    async def async_sleep(self, seconds: float) -> None:
        """Pass the time at once, with a turn for the others."""
        self.sleep(seconds)
        await asyncio.sleep(0)

    async def async_sleep_until(self, moment: float) -> None:
        """Pass the time at once, with a turn for the others."""
        await self.async_sleep(max(moment - self.moment, 0.0))


def answer(text: str = "Hello.", *, usage: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a body of OpenAI's chat API."""
    block = {"prompt_tokens": READ, "completion_tokens": WRITTEN, "total_tokens": READ + WRITTEN}
    message = {"role": "assistant", "content": text}
    return {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": block if usage is None else usage,
    }


def chunk(text: str | None = None, *, finish: str | None = None) -> dict[str, Any]:
    """Return an event of a stream."""
    delta = {"role": "assistant"} if text is None else {"content": text}
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def chunks(*texts: str, usage: bool = True) -> list[Any]:
    """Return the events of a whole stream."""
    told = [chunk(), *map(chunk, texts), chunk("", finish="stop")]
    return [*told, {"choices": [], "usage": answer()["usage"]}] if usage else told


class StandIn:
    """A provider with a list of outcomes; the last one stays.

    An outcome is an exception, a body, the list of a stream's events (an exception among them is
    raised), or a function of the request that gives one of them.
    """

    def __init__(self, name: str, *outcomes: Any) -> None:
        self.name = name
        self.outcomes = list(outcomes) or [lambda body: answer(f"{name} {body['model']}")]
        self.asked: list[Mapping[str, Any]] = []
        self.closed = 0
        self._lock = Lock()
        self._gate = Event()
        self._gate.set()

    @property
    def calls(self) -> int:
        """How often it was asked."""
        return len(self.asked)

    def hold(self) -> None:
        """Let nobody get an answer until `release`."""
        self._gate.clear()

    def release(self) -> None:
        """Let all have their answers."""
        self._gate.set()

    def _outcome(self, body: Mapping[str, Any]) -> Any:
        with self._lock:
            self.asked.append(body)
            outcome = self.outcomes[0] if len(self.outcomes) == 1 else self.outcomes.pop(0)
        got = outcome(body) if callable(outcome) else outcome
        if isinstance(got, BaseException):
            raise got
        return got

    def complete(self, body: Mapping[str, Any], *, timeout: float) -> Any:
        """Return the next outcome."""
        got = self._outcome(body)
        self._gate.wait(5)
        return got

    async def acomplete(self, body: Mapping[str, Any], *, timeout: float) -> Any:
        """Return the next outcome."""
        got = self._outcome(body)
        while not self._gate.is_set():
            await asyncio.sleep(0)
        return got

    def stream(self, body: Mapping[str, Any], *, timeout: float) -> Iterator[Any]:
        """Yield the events of the next outcome."""
        try:
            for event in self._outcome(body):
                if isinstance(event, BaseException):
                    raise event
                yield event
        finally:
            self.closed += 1

    async def astream(self, body: Mapping[str, Any], *, timeout: float) -> AsyncIterator[Any]:
        """Yield the events of the next outcome."""
        try:
            for event in self._outcome(body):
                if isinstance(event, BaseException):
                    raise event
                while not self._gate.is_set():
                    await asyncio.sleep(0)
                yield event
        finally:
            self.closed += 1


def price(provider: str, model: str, usage: Usage) -> int:
    """Return $2.50 and $10.00 for a million tokens, whoever asks."""
    return (usage.input_tokens or 0) * 2500 + (usage.output_tokens or 0) * 10_000


def ask(model: str | None = "gpt-4o", text: str = "Hello?", **more: Any) -> dict[str, Any]:
    """Return a request."""
    named = {} if model is None else {"model": model}
    return {**named, "messages": [{"role": "user", "content": text}], **more}


def make_router(
    *providers: Any,
    clock: ManualClock | None = None,
    cache: bool | Any = True,
    registry: Any = None,
    callbacks: Callbacks | None = None,
    **policy: Any,
) -> Router:
    """Return a router over these; a registry of its own sends everything to all of them."""
    clock = clock or ManualClock()
    kept = MemoryCache(clock=clock, ttl_seconds=60) if cache is True else cache or None
    return Router(
        providers,
        registry or Registry({"*": [each.name for each in providers]}),
        policy=Policy(seed=1, **policy),
        cache=kept,
        callbacks=callbacks,
        price=price,
        clock=clock,
    )


def drained(pieces: Iterator[Any]) -> list[str]:
    return [piece.text for piece in pieces if not piece.done]


def fails(times: int, error: Callable[[], BaseException]) -> list[Any]:
    """Return outcomes: so many failures."""
    return [error() for _ in range(times)]
