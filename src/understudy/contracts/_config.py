"""How a check wants its router to be."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from ..clock import RealClock
from ..errors import UnknownNameError
from ._lacks import Lacks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..clock import Clock

#: Who serves which models: patterns, the first that fits counts, and who is asked in which order.
STANDARD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "anthropic/*": ("anthropic",),
        "claude*": ("anthropic",),
        "openai/*": ("openai",),
        "gpt*": ("openai",),
        "*": ("openrouter",),
    }
)


class ModelPrice(NamedTuple):
    """USD for a million tokens; `cached` for those that the provider read from its cache."""

    input: float
    output: float
    cached: float


#: What the checks count with.
PRICES: Final[Mapping[str, ModelPrice]] = MappingProxyType({"gpt-4o": ModelPrice(2.5, 10.0, 1.25)})


class BreakerConfig(NamedTuple):
    """A breaker opens after so many `failures` of a provider in a row, for some `seconds`."""

    failures: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterConfig:
    """What a router is made with. Whatever a check does not need has its default: off, or none.

    Attributes:
        registry: who serves which models, see `STANDARD`. Further providers of a pattern are
            asked where the first one fails (`fallback`), or share its requests (`balance`).
        agents: the default model of each agent.
        cache_ttl: seconds for which answers are kept; None is no cache.
        cache_entries: how many of them; the least recently used goes first.
        retries: how often a provider is asked again.
        fallback: whether another one is asked then.
        balance: how the providers of a pattern share its requests.
        weights: how much each of them takes, for `weighted`.
        breaker: when a provider is left alone.
        limit: how many requests may be with providers at once.
        timeout: seconds that one attempt may take until its answer, or a stream be silent.
        deadline: seconds for all attempts of a request.
        coalesce: whether equal requests at once are one call.
        prices: by model.
        clock: what time passes on. The `time` module and event loops are on it as well, unless
            the adapter says `real_time`.
    """

    registry: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: STANDARD)
    agents: Mapping[str, str] = field(default_factory=dict)
    cache_ttl: float | None = None
    cache_entries: int | None = None
    retries: int = 0
    fallback: bool = False
    balance: Literal["round_robin", "weighted"] | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    breaker: BreakerConfig | None = None
    limit: int | None = None
    timeout: float | None = None
    deadline: float | None = None
    coalesce: bool = False
    prices: Mapping[str, ModelPrice] = field(default_factory=lambda: PRICES)
    clock: Clock = field(default_factory=RealClock)

    def only(self, *names: str) -> None:
        """Let an adapter say what it can set, beside registry, prices and clock.

        Raises:
            Lacks: a check wants something else.
            UnknownNameError: there is no field of such a name.
        """
        known = {each.name: each for each in fields(self)}
        UnknownNameError.check("field", names, known, where="RouterConfig.only()")
        for name in known.keys() - {"registry", "prices", "clock", *names}:
            if getattr(self, name) != _default_of(name):
                msg = f"the adapter cannot set {name}"
                raise Lacks(msg)


def _default_of(name: str) -> Any:
    return getattr(RouterConfig(), name)
