"""The checks of the contract, a file for each thing that a router does."""

from ._balance import BalanceChecks
from ._breaker import BreakerChecks
from ._cache import CacheChecks
from ._cached_streams import CachedStreamChecks
from ._coalescing import CoalescingChecks
from ._failover import FailoverChecks
from ._kept import KeptChecks
from ._keys import KeyChecks
from ._leftovers import LeftoverChecks
from ._money import MoneyChecks
from ._retries import RetryChecks
from ._retry_after import RetryAfterChecks
from ._selection import SelectionChecks
from ._stream_failures import StreamFailureChecks
from ._streams import StreamChecks

__all__ = [
    "BalanceChecks",
    "BreakerChecks",
    "CacheChecks",
    "CachedStreamChecks",
    "CoalescingChecks",
    "FailoverChecks",
    "KeptChecks",
    "KeyChecks",
    "LeftoverChecks",
    "MoneyChecks",
    "RetryAfterChecks",
    "RetryChecks",
    "SelectionChecks",
    "StreamChecks",
    "StreamFailureChecks",
]
