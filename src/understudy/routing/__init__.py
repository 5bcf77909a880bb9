"""A router over several providers: one cache, one retry loop, breakers, balancing and books.

It knows no telemetry: `Callbacks` tell what it does. `router_file` reads how it is set up.
"""

from ._admission import Load
from ._answers import Answer, Attempt, CacheStatus, Completion, Piece
from ._books import Counters, Day
from ._callbacks import Callbacks
from ._errors import (
    AllFailedError,
    BadRequestError,
    BudgetSpentError,
    DeadlineError,
    NoHealthyProviderError,
    ProviderError,
    RouterConfigError,
    RouterError,
    SaturatedError,
    StreamBrokenError,
    UnservedModelError,
)
from ._failure import FailureKind
from ._health import ProviderHealth
from ._http import HttpProvider
from ._policy import (
    BreakerPolicy,
    BudgetPolicy,
    FailoverPolicy,
    LimitPolicy,
    Policy,
    RetryPolicy,
)
from ._prometheus import PrometheusMetrics
from ._provider import AsyncProvider, Body, Json, Pricer, Provider
from ._registry import Registry
from ._router import Router
from ._warming import WarmReport
from .balance import Balance, BalanceName, Candidate, Expected, ExpectedMs
from .cache import Cache, CacheFigures, MemoryCache, RedisCache

__all__ = [
    "AllFailedError",
    "Answer",
    "AsyncProvider",
    "Attempt",
    "BadRequestError",
    "Balance",
    "BalanceName",
    "Body",
    "BreakerPolicy",
    "BudgetPolicy",
    "BudgetSpentError",
    "Cache",
    "CacheFigures",
    "CacheStatus",
    "Callbacks",
    "Candidate",
    "Completion",
    "Counters",
    "Day",
    "DeadlineError",
    "Expected",
    "ExpectedMs",
    "FailoverPolicy",
    "FailureKind",
    "HttpProvider",
    "Json",
    "LimitPolicy",
    "Load",
    "MemoryCache",
    "NoHealthyProviderError",
    "Piece",
    "Policy",
    "Pricer",
    "PrometheusMetrics",
    "Provider",
    "ProviderError",
    "ProviderHealth",
    "RedisCache",
    "Registry",
    "RetryPolicy",
    "Router",
    "RouterConfigError",
    "RouterError",
    "SaturatedError",
    "StreamBrokenError",
    "UnservedModelError",
    "WarmReport",
]
