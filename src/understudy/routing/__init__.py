"""A router over several providers: one cache, one retry loop, breakers, balancing and books.

It knows no telemetry: `Callbacks` tell what it does.
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
from ._policy import (
    BreakerPolicy,
    BudgetPolicy,
    FailoverPolicy,
    LimitPolicy,
    Policy,
    RetryPolicy,
)
from ._provider import AsyncProvider, Body, Json, Pricer, Provider
from ._registry import Registry
from ._router import Router
from ._warming import WarmReport
from .cache import Cache, CacheFigures, MemoryCache

__all__ = [
    "AllFailedError",
    "Answer",
    "AsyncProvider",
    "Attempt",
    "BadRequestError",
    "Body",
    "BreakerPolicy",
    "BudgetPolicy",
    "BudgetSpentError",
    "Cache",
    "CacheFigures",
    "CacheStatus",
    "Callbacks",
    "Completion",
    "Counters",
    "Day",
    "DeadlineError",
    "FailoverPolicy",
    "FailureKind",
    "Json",
    "LimitPolicy",
    "Load",
    "MemoryCache",
    "NoHealthyProviderError",
    "Piece",
    "Policy",
    "Pricer",
    "Provider",
    "ProviderError",
    "ProviderHealth",
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
