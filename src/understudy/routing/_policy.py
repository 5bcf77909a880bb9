"""How a router behaves, as values."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ._errors import RouterConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .balance import Balance, BalanceName, ExpectedMs

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


def is_number(value: object) -> bool:
    """Tell whether something is a finite number; True and False are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _refuse(policy: object, name: str, rule: str) -> None:
    value = getattr(policy, name)
    msg = f"{type(policy).__name__}: {name}={value!r}: {rule}."
    raise RouterConfigError(msg)


def _check(policy: object, least: Mapping[str, float]) -> None:
    """Refuse numbers below the least that their fields take; None means there is no limit."""
    for each in fields(policy):  # type: ignore[arg-type]
        value = getattr(policy, each.name)
        if each.name not in least or value is None:
            continue
        is_whole = str(each.type).startswith("int")
        if not is_number(value) or value < least[each.name] or (is_whole and value % 1):
            sort = "whole number" if is_whole else "number"
            _refuse(policy, each.name, f"give a {sort} from {least[each.name]} on")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and for how long a request is tried.

    A provider is asked `retries` times more at most. A wait before that is random up to
    `base_seconds`, doubled each time, and `cap_seconds` at most. All attempts together have
    `deadline_seconds`; one has `attempt_seconds` until its answer or the first content of its
    stream, and `stall_seconds` between two events. `budget` retries are earned by each request,
    and `reserve` of them may be saved, so that an outage is not answered with a storm.
    """

    retries: int = 2
    base_seconds: float = 0.5
    cap_seconds: float = 8.0
    deadline_seconds: float = 120.0
    attempt_seconds: float = 60.0
    stall_seconds: float = 60.0
    budget: float = 0.1
    reserve: float = 10.0

    def __post_init__(self) -> None:
        least = dict.fromkeys(("retries", "base_seconds", "cap_seconds", "budget", "reserve"), 0)
        timed = dict.fromkeys(("deadline_seconds", "attempt_seconds", "stall_seconds"), 0.001)
        _check(self, {**least, **timed})


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    """When a provider is left alone: after so many `failures` in a row, for `open_seconds`.

    Then `probes` requests at once may try it. Each time that it fails again the rest grows, up
    to `longest_seconds`. A provider that refuses its key rests for `bench_seconds`.
    """

    failures: int = 5
    open_seconds: float = 30.0
    longest_seconds: float = 300.0
    probes: int = 1
    bench_seconds: float = 300.0

    def __post_init__(self) -> None:
        timed = dict.fromkeys(("open_seconds", "longest_seconds", "bench_seconds"), 0.0)
        _check(self, {"failures": 1, "probes": 1, **timed})


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPolicy:
    """How many requests may be with providers, how many may wait for that, and how long."""

    in_flight: int | None = None
    waiting: int | None = None
    wait_seconds: float = 30.0

    def __post_init__(self) -> None:
        _check(self, {"in_flight": 1, "waiting": 0, "wait_seconds": 0.0})


@dataclass(frozen=True, slots=True, kw_only=True)
class FailoverPolicy:
    """Who is asked when those that serve a model have failed, in this order.

    `context_window` and `content_policy` are asked where a provider refuses for that reason;
    nobody else is then.
    """

    order: tuple[str, ...] = ()
    context_window: tuple[str, ...] = ()
    content_policy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetPolicy:
    """What may be spent on a day and in a month of a time zone; None is no limit."""

    daily_usd: float | None = None
    monthly_usd: float | None = None
    zone: str = "UTC"

    def __post_init__(self) -> None:
        _check(self, {"daily_usd": 0.0, "monthly_usd": 0.0})

    @property
    def is_limited(self) -> bool:
        """Whether there is a limit to what may be spent."""
        return self.daily_usd is not None or self.monthly_usd is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a router behaves.

    Args:
        agents: the model of each agent, for requests that name none.
        balance: how the providers of a model share its requests.
        weights: how much each provider takes, for `weighted` and for those without a price.
        renamed: by provider, its own names for models.
        window_ms: how long a request waits for others like it before it is sent.
        coalesce: whether equal requests at the same time share one call.
        ignored: fields of a request that do not tell its answer from another's.
        expected_ms: what measurements promise, for balancing by efficiency.
        seed: of what is random; None is another one each time.
    """

    agents: Mapping[str, str] = field(default_factory=lambda: _NONE)
    balance: BalanceName | Balance = "round_robin"
    weights: Mapping[str, float] = field(default_factory=lambda: _NONE)
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _NONE)
    failover: FailoverPolicy = field(default_factory=FailoverPolicy)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    limit: LimitPolicy = field(default_factory=LimitPolicy)
    budget: BudgetPolicy = field(default_factory=BudgetPolicy)
    window_ms: float = 0.0
    coalesce: bool = True
    ignored: tuple[str, ...] = ()
    expected_ms: ExpectedMs | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        _check(self, {"window_ms": 0.0})
        for provider, weight in self.weights.items():
            if not is_number(weight) or weight <= 0:
                msg = (
                    f"the weight of {provider!r} is {weight!r}: give a number above 0,"
                    " or leave the provider out of the registry."
                )
                raise RouterConfigError(msg)
        if isinstance(self.ignored, str):
            _refuse(self, "ignored", f"give several names, such as ({self.ignored!r},)")
