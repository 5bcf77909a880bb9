"""The adapters of our own router: one that is awaited, one that blocks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ..routing import (
    BreakerPolicy,
    FailoverPolicy,
    LimitPolicy,
    MemoryCache,
    Policy,
    RetryPolicy,
    Router,
)
from ._adapter import RouterAdapter
from ._answer import Answer, Counters, Piece

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from ..calls import Usage
    from ..routing import Answer as RouterAnswer
    from ..routing import Piece as RouterPiece
    from ..routing import Pricer
    from ._adapter import Providers
    from ._answer import RouterRequest
    from ._config import ModelPrice, RouterConfig

_NANO: Final = 10**9
_NEVER: Final = 10**9
_LONG: Final = 120.0


def own_router_adapter(providers: Providers, config: RouterConfig) -> RouterAdapter:
    """Return the adapter of `understudy.routing.Router`, as tasks use it."""
    return _Awaited(providers, config)


def own_blocking_router_adapter(providers: Providers, config: RouterConfig) -> RouterAdapter:
    """Return the adapter of `understudy.routing.Router`, as threads use it."""
    return _Blocking(providers, config)


class _OwnRouter(RouterAdapter):
    """What both have in common."""

    def __init__(self, providers: Providers, config: RouterConfig) -> None:
        super().__init__(providers, config)
        cache = None
        if config.cache_ttl is not None:
            limits = {} if config.cache_entries is None else {"entries": config.cache_entries}
            cache = MemoryCache(ttl_seconds=config.cache_ttl, clock=config.clock, **limits)
        self.router = Router(
            providers.values(),
            {
                pattern: names if config.balance else names[:1]
                for pattern, names in config.registry.items()
            },
            policy=_policy(config),
            cache=cache,
            price=_pricer(config.prices),
            clock=config.clock,
        )

    def counters(self) -> Counters:
        """Return what the router counts."""
        counted, today = self.router.counters(), self.router.today()
        return Counters(
            total_calls=counted.total_calls,
            cache_hits=counted.cache_hits,
            provider_calls=counted.provider_calls,
            tokens=counted.input_tokens + counted.output_tokens,
            cost_usd=Decimal(counted.cost_nanousd) / _NANO,
            requests_today=today.requests,
            spent_today_usd=Decimal(today.cost_nanousd) / _NANO,
        )

    def health(self) -> Mapping[str, bool]:
        """Return whose breaker is closed."""
        return {name: each.state == "closed" for name, each in self.router.health().items()}


class _Awaited(_OwnRouter):
    """As tasks use it."""

    async def complete(self, request: RouterRequest) -> Answer:
        """Ask the router."""
        return _told(await self.router.acomplete(request.body, agent=request.agent))

    async def stream(self, request: RouterRequest) -> AsyncIterator[Piece]:
        """Ask the router for a stream."""
        pieces: Any = self.router.astream(request.body, agent=request.agent)
        try:
            async for piece in pieces:
                yield _piece(piece)
        finally:
            await pieces.aclose()

    async def warm(self, requests: Sequence[RouterRequest]) -> None:
        """Let the router ask in advance."""
        await self.router.awarm([request.body for request in requests])

    async def close(self) -> None:
        """Close the router."""
        await self.router.aclose()


class _Blocking(_OwnRouter):
    """As threads use it."""

    def complete(self, request: RouterRequest) -> Answer:
        """Ask the router."""
        return _told(self.router.complete(request.body, agent=request.agent))

    def stream(self, request: RouterRequest) -> Iterator[Piece]:
        """Ask the router for a stream."""
        pieces: Any = self.router.stream(request.body, agent=request.agent)
        try:
            yield from map(_piece, pieces)
        finally:
            pieces.close()

    def warm(self, requests: Sequence[RouterRequest]) -> None:
        """Let the router ask in advance."""
        self.router.warm([request.body for request in requests])

    def close(self) -> None:
        """Close the router."""
        self.router.close()


def _policy(config: RouterConfig) -> Policy:
    others = (name for names in config.registry.values() for name in names[1:])
    breaker = BreakerPolicy(failures=_NEVER)
    if config.breaker is not None:
        failures, seconds = config.breaker
        breaker = BreakerPolicy(failures=failures, open_seconds=seconds)
    deadline = config.deadline or _LONG
    seconds = config.timeout or deadline
    return Policy(
        agents=config.agents,
        balance=config.balance or "round_robin",
        weights=config.weights,
        failover=FailoverPolicy(order=tuple(dict.fromkeys(others)) if config.fallback else ()),
        retry=RetryPolicy(
            retries=config.retries,
            deadline_seconds=deadline,
            attempt_seconds=seconds,
            stall_seconds=seconds,
        ),
        breaker=breaker,
        limit=LimitPolicy(in_flight=config.limit),
        coalesce=config.coalesce,
    )


def _pricer(prices: Mapping[str, ModelPrice]) -> Pricer:
    """Return what prices a call; a millionth of a dollar's millionth is a thousandth of a nano."""

    def price(provider: str, model: str, usage: Usage) -> int | None:  # noqa: ARG001 - by model
        rate = prices.get(model)
        if rate is None:
            return None
        cached = usage.cache_read_tokens or 0
        plain = (usage.input_tokens or 0) - cached
        spoken = usage.output_tokens or 0
        return round((plain * rate.input + cached * rate.cached + spoken * rate.output) * 1000)

    return price


def _told(answer: RouterAnswer) -> Answer:
    return Answer(
        text=answer.text,
        provider=answer.provider,
        model=answer.model,
        usage=answer.usage,
        cost_usd=answer.cost_usd,
        cache=answer.cache,
        raw=answer.body(),
    )


def _piece(piece: RouterPiece) -> Piece:
    cache = None if piece.answer is None else piece.answer.cache
    return Piece(piece.text, done=piece.done, raw=piece.data, cache=cache)
