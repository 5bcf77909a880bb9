"""A cache that several processes share, on a Redis server. Needs redis-py."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from ...calls import Usage
from ...clock import RealClock
from .._answers import Completion
from .._errors import RouterConfigError
from ._cache import LARGEST_ENTRY, CacheFigures, lifetime

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from ...clock import Clock

#: 1: a completion as JSON.
_FORMAT: Final = 1
#: Seconds for which a server is not asked that was away.
_REST: Final = 5.0
#: Seconds that a connection and an answer may take: an answer of a model takes longer.
_PATIENCE: Final = 0.5


class RedisCache:
    """Keeps completions on a server, which bounds and evicts them by its own `maxmemory`.

    Where the server is away, the router works on without it: nothing is found and nothing kept,
    which is said once, by a warning in the log of `understudy.routing`. It is tried again after
    some seconds.

    Args:
        url: `redis://host:port/0`, or what else redis-py takes.
        ttl_seconds: how long each entry is kept.
        prefix: of the keys, for those who share a server.
        clock: what the rest from a server that is away passes on.
        client: a client of redis-py's kind in place of the URL's.

    Raises:
        RouterConfigError: redis-py is not installed, the URL is none, or the time to live is.
    """

    blocks = True

    def __init__(
        self,
        url: str,
        *,
        ttl_seconds: float | timedelta = 3600,
        prefix: str = "understudy:",
        clock: Clock | None = None,
        client: Any = None,
    ) -> None:
        self._ttl = lifetime(ttl_seconds)
        self._prefix = prefix
        self._now = (clock or RealClock()).now
        self._client = _connect(url) if client is None else client
        self._lock = Lock()
        self._away_until = 0.0
        self._is_told = False

    def get(self, key: str) -> Completion | None:
        """Return what is kept under a key; None where the server is away, too."""
        kept = self._asked(lambda: self._client.get(self._prefix + key))
        return None if kept is None else _decoded(kept)

    def put(self, key: str, completion: Completion) -> None:
        """Keep a completion; one that is too large is not kept."""
        if completion.size <= LARGEST_ENTRY:
            data, milliseconds = _encoded(completion), max(int(self._ttl * 1000), 1)
            self._asked(lambda: self._client.set(self._prefix + key, data, px=milliseconds))

    def clear(self) -> None:
        """Forget everything that has this prefix."""
        self._asked(self._clear)

    def _clear(self) -> None:
        found = list(self._client.scan_iter(match=f"{self._prefix}*", count=1000))
        if found:
            self._client.delete(*found)

    def figures(self) -> CacheFigures:
        """Return nothing: the server knows."""
        return CacheFigures(None, None, None)

    def close(self) -> None:
        """Close the connections."""
        self._asked(self._client.close)

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """Return what the server says, None where it is away."""
        if self._now() < self._away_until:
            return None
        try:
            return ask()
        except Exception as error:  # noqa: BLE001 - a cache that fails is a cache that is empty
            self._note(error)
            return None

    def _note(self, error: Exception) -> None:
        with self._lock:
            self._away_until = self._now() + _REST
            is_first, self._is_told = not self._is_told, True
        if is_first:
            logging.getLogger("understudy.routing").warning(
                "the router's Redis is away (%s: %s); it works on without that cache, and asks"
                " it again every %g s. This is said once.", type(error).__name__, error, _REST,
            )  # fmt: skip


def _encoded(completion: Completion) -> bytes:
    return json.dumps({"format": _FORMAT, **asdict(completion)}, separators=(",", ":")).encode()


def _decoded(data: bytes | str) -> Completion | None:
    """Return a completion; None for what is none of ours."""
    try:
        told = json.loads(data)
        if told.pop("format") != _FORMAT:
            return None
        usage, events = Usage(**told.pop("usage")), told.pop("events")
        pairs = tuple((str(event), str(text)) for event, text in events)
        return Completion(**told, usage=usage, events=pairs)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _connect(url: str) -> Any:
    try:
        import redis  # noqa: PLC0415 - only those who share a cache need it
    except ImportError:
        msg = "a cache on Redis needs redis-py: pip install 'pytest-understudy[redis]'"
        raise RouterConfigError(msg) from None
    try:
        return redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
    except ValueError as error:
        msg = f"the cache's redis={url.rpartition('@')[2]!r} is no URL of Redis: {error}"
        raise RouterConfigError(msg) from error
