"""A cache in the memory of this process."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from ...clock import RealClock
from ._cache import LARGEST_ENTRY, CacheFigures, bound, lifetime

if TYPE_CHECKING:
    from datetime import timedelta

    from ...clock import Clock
    from .._answers import Completion


class MemoryCache:
    """Keeps what was used last, bounded by count and by bytes, each entry for its time to live.

    Args:
        entries: how many are kept at most.
        bytes: how much they take together at most, about.
        ttl_seconds: how long each is kept, in seconds or as a timedelta.
        clock: what time passes on; None is the machine's.

    Raises:
        RouterConfigError: there is no bound, or the time to live is none.
    """

    blocks = False

    def __init__(
        self,
        *,
        entries: int = 1000,
        bytes: int = 64 << 20,  # noqa: A002 - the word of the router's file
        ttl_seconds: float | timedelta = 3600,
        clock: Clock | None = None,
    ) -> None:
        self._most_entries = bound("entries", entries)
        self._most_bytes = bound("bytes", bytes)
        self._ttl = lifetime(ttl_seconds)
        self._now = (clock or RealClock()).now
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[float, Completion, int]] = OrderedDict()
        self._bytes = 0
        self._evicted = 0

    def get(self, key: str) -> Completion | None:
        """Return what is kept under a key and has not expired."""
        with self._lock:
            entry = self._kept.get(key)
            if entry is None:
                return None
            if entry[0] <= self._now():
                self._drop(key)
                return None
            self._kept.move_to_end(key)
            return entry[1]

    def put(self, key: str, completion: Completion) -> None:
        """Keep a completion; one that is too large is not kept."""
        size = completion.size + len(key)
        if size > min(self._most_bytes, LARGEST_ENTRY):
            return
        with self._lock:
            if key in self._kept:
                self._drop(key)
            self._kept[key] = (self._now() + self._ttl, completion, size)
            self._bytes += size
            while len(self._kept) > self._most_entries or self._bytes > self._most_bytes:
                self._drop(next(iter(self._kept)))
                self._evicted += 1

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def figures(self) -> CacheFigures:
        """Return how full it is."""
        with self._lock:
            return CacheFigures(len(self._kept), self._bytes, self._evicted)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _drop(self, key: str) -> None:
        _, _, size = self._kept.pop(key)
        self._bytes -= size
