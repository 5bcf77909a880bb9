"""What a check works with: mock providers, a router over them, and time."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ..clock import RealClock, VirtualClock
from ..errors import SettingsError
from ._adapter import RouterAdapter, trait
from ._answer import Answer, Counters, Piece, RouterRequest
from ._calls import called, in_thread, is_async, pieces_of
from ._config import RouterConfig
from ._lacks import Lacks, told
from .mocks import MockProviderWithErrors

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from ._adapter import AdapterMaker
    from ._purse import Purse

_T = TypeVar("_T")

PROVIDERS: Final = ("anthropic", "openai", "openrouter")
_TURNS: Final = 20
_LOOKS_AT_THREADS: Final = 40
#: What a real provider may say.
_FEW_TOKENS: Final = 16
_NAP: Final = 0.0005
#: Real seconds that a check may take, in simulated time and otherwise.
_SHORT: Final = 10.0
_LONG: Final = 60.0
#: Real seconds for which calls may be on their way to a provider.
_PATIENCE: Final = 5.0


class Rig:
    """One router over mock providers, made anew for each check."""

    def __init__(
        self,
        make: AdapterMaker,
        clock: RealClock | VirtualClock,
        *,
        name: str = "",
        purse: Purse | None = None,
    ) -> None:
        self.name = name
        self.clock = clock
        self._purse = purse
        self._begun: list[asyncio.Task[Any]] = []
        self.providers: dict[str, MockProviderWithErrors] = {}
        self._make = make
        self._adapter: RouterAdapter | None = None

    def build(self, **wanted: Any) -> None:
        """Make the providers and the router; `wanted` are fields of its config."""
        self._build(PROVIDERS, **wanted)

    def build_without_providers(self) -> None:
        """Make a router that has nobody to ask."""
        self._build(())

    def _build(self, names: Sequence[str], **wanted: Any) -> None:
        config = RouterConfig(clock=self.clock, **wanted)
        self.providers = {name: MockProviderWithErrors(name, clock=self.clock) for name in names}
        self._adapter = self._make(self.providers, config)

    @property
    def adapter(self) -> RouterAdapter:
        """The adapter of the router."""
        assert self._adapter is not None, "build() comes first"
        return self._adapter

    @property
    def patience(self) -> float:
        """Real seconds that a check may take."""
        told: float | None = trait(self._make, "patience")
        return told or (_LONG if isinstance(self.clock, RealClock) else _SHORT)

    @property
    def is_live(self) -> bool:
        """Whether real providers are asked."""
        return self._purse is not None

    @property
    def asked(self) -> dict[str, int]:
        """How many calls each provider got, without those that got none."""
        return {name: each.count for name, each in self.providers.items() if each.count}

    def check_asked(self) -> None:
        """Raise an AssertionError where no provider was asked at all."""
        if not (self.is_live or self.asked):
            msg = "nobody was asked"
            raise AssertionError(msg)

    def answered_by(self, answer: Answer) -> str:
        """Return the provider that was asked, and see that the answer names no other one."""
        if self.is_live:
            return told(answer.provider, "who answered")
        who = " and ".join(self.asked)
        if answer.provider not in {None, who}:
            msg = f"{who} was asked, and the answer says it was {answer.provider}"
            raise AssertionError(msg)
        return who

    def __getitem__(self, name: str) -> MockProviderWithErrors:
        return self.providers[name]

    async def ask(self, text: str = "hello", *, agent: str = "", **fields: Any) -> Answer:
        """Return the router's answer; it is asked for gpt-4o, unless `fields` say otherwise."""
        if self._purse is not None:
            self._purse.check()
            fields = {"max_tokens": _FEW_TOKENS, **fields}
        found = await called(self.adapter.complete, request_of(text, agent, fields))
        answer = _of_type(found, Answer, "complete()")
        if self._purse is not None:
            self._purse.pay(answer)
        return answer

    async def failing(self, text: str = "hello", *, agent: str = "", **fields: Any) -> Exception:
        """Return what the router raises.

        Raises:
            AssertionError: it answered.
        """
        error = await self.attempt(text, agent=agent, **fields)
        if error is None:
            msg = "the router answered where it was to fail"
            raise AssertionError(msg)
        return error

    async def attempt(
        self, text: str = "hello", *, agent: str = "", **fields: Any
    ) -> Exception | None:
        """Ask; return what the router raises, None where it answers."""
        try:
            await self.ask(text, agent=agent, **fields)
        except (Lacks, SettingsError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever the router raises
            return error
        return None

    async def stream(self, text: str = "hello", *, agent: str = "", **fields: Any) -> list[Piece]:
        """Return the pieces of a stream."""
        async with aclosing(self.streaming(text, agent=agent, **fields)) as pieces:
            return [piece async for piece in pieces]

    async def streaming(
        self, text: str = "hello", *, agent: str = "", **fields: Any
    ) -> AsyncGenerator[Piece]:
        """Yield the pieces of a stream."""
        wanted = {"stream": True, "stream_options": {"include_usage": True}, **fields}
        async with aclosing(pieces_of(self.adapter, request_of(text, agent, wanted))) as pieces:
            async for piece in pieces:
                yield _of_type(piece, Piece, "stream()")

    async def read(self) -> tuple[list[Piece], Exception | None]:
        """Read a stream as far as it comes; return the pieces and what it ended with."""
        pieces: list[Piece] = []
        try:
            async for piece in self.streaming():
                pieces.append(piece)  # noqa: PERF401 - those before an error count, too
        except (Lacks, SettingsError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever the router raises
            return pieces, error
        return pieces, None

    async def taste(self, text: str = "hello") -> None:
        """Read a stream up to its first text, and leave."""
        async with aclosing(self.streaming(text)) as pieces:
            async for piece in pieces:
                if piece.text:
                    return
        msg = "the stream ended before it had said anything"
        raise AssertionError(msg)

    def begin(self, text: str = "hello", *, agent: str = "", **fields: Any) -> asyncio.Task[Answer]:
        """Ask, and do not wait for the answer."""
        task = asyncio.ensure_future(self.ask(text, agent=agent, **fields))
        self._begun.append(task)
        return task

    def begin_stream(self) -> asyncio.Task[None]:
        """Begin a stream, and do not wait for its first text."""
        task = asyncio.ensure_future(self.taste())
        self._begun.append(task)
        return task

    async def leave(self, task: asyncio.Task[Any]) -> None:
        """Give a request up, as who does not wait any longer.

        Raises:
            Lacks: who asks the router is blocked until it answers.
        """
        self.check_leaving()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def check_leaving(self) -> None:
        """Raise `Lacks` where nobody can leave before there is an answer, or nobody can ask."""
        if getattr(self.adapter.complete, "__func__", None) is RouterAdapter.complete:
            msg = "the adapter has no complete()"
            raise Lacks(msg)
        if not is_async(self.adapter.complete):
            msg = "whoever asks it is blocked until it answers, and cannot leave"
            raise Lacks(msg)

    async def crowd(self, number: int, texts: Sequence[str]) -> list[tuple[str, Answer]]:
        """Let so many threads, or tasks where it is async, ask for each text in turn, at once."""
        requests = [request_of(text, "", {}) for text in texts]
        complete: Any = self.adapter.complete

        async def awaited() -> list[Answer]:
            return [await complete(request) for request in requests]

        def blocked() -> list[Answer]:
            return [complete(request) for request in requests]

        one = awaited if is_async(complete) else (lambda: in_thread(blocked))
        every = await asyncio.gather(*(one() for _ in range(number)))
        return [pair for answers in every for pair in zip(texts, answers, strict=True)]

    async def arrived(self, name: str, number: int) -> None:
        """Wait until so many calls are with a provider, in all.

        Raises:
            AssertionError: they are not, and nobody is on the way any more.
            Lacks: the router lacks what was asked of it.
        """
        real = RealClock()
        end = real.now() + _PATIENCE
        while self[name].count < number and real.now() < end:
            if all(task.done() for task in self._begun):
                break
            await self._turns(real)
        self._check_begun()
        self[name].gate.check(number)

    async def settle(self) -> None:
        """Let everything happen that happens without time passing."""
        real = RealClock()
        for _ in range(1 if is_async(self.adapter.complete) else _LOOKS_AT_THREADS):
            await self._turns(real)
        self._check_begun()

    async def _turns(self, real: RealClock) -> None:
        """Give all tasks some turns, and all threads a moment of the machine's time."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        real.sleep(_NAP)

    def _check_begun(self) -> None:
        """Raise what the router lacks, where a request that was begun found that out."""
        for task in self._begun:
            if task.done() and not task.cancelled() and isinstance(task.exception(), Lacks):
                task.result()

    async def counters(self) -> Counters:
        """Return what the router counted."""
        counters: Counters = await called(self.adapter.counters)
        return counters

    def forget_calls(self) -> None:
        """Let the providers forget what they were asked; the numbers of their calls stay."""
        for provider in self.providers.values():
            provider.mock.engine.calls.clear()

    async def warm(self, *texts: str) -> None:
        """Let the router ask for answers in advance."""
        await called(self.adapter.warm, [request_of(text, "", {}) for text in texts])

    async def health(self) -> Mapping[str, bool]:
        """Return which providers the router takes for healthy."""
        health: Mapping[str, bool] = await called(self.adapter.health)
        return health

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        if not self.adapter.real_time:
            await self.clock.async_sleep(seconds)
        await called(self.adapter.advance, seconds)

    async def close(self) -> None:
        """Let all calls go that are held, and the router, too."""
        for provider in self.providers.values():
            provider.release()
        if self._adapter is not None:
            await called(self._adapter.close)


def _of_type(found: Any, kind: type[_T], method: str) -> _T:
    """Return what an adapter gave, where it is what the contract takes."""
    if not isinstance(found, kind):
        msg = f"the adapter's {method} gives {found!r}; it must be an understudy {kind.__name__}."
        raise SettingsError(msg)
    return found


def request_of(text: str, agent: str, fields: Mapping[str, Any]) -> RouterRequest:
    """Return a request; a field that is None is left out."""
    messages = [{"role": "user", "content": text}]
    body = {"model": "gpt-4o", "messages": messages, **fields}
    return RouterRequest({name: value for name, value in body.items() if value is not None}, agent)
