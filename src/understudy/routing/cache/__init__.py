"""Where whole answers are kept."""

from ._cache import LARGEST_ENTRY, Cache, CacheFigures
from ._memory import MemoryCache
from ._redis import RedisCache

__all__ = ["LARGEST_ENTRY", "Cache", "CacheFigures", "MemoryCache", "RedisCache"]
