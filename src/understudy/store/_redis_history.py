"""Snapshots of costs that several processes share, on a Redis server. Needs redis-py."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from ..errors import SettingsError, StoreError
from ..stats import Snapshot, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

#: 1: members of a sorted set by their moments, as `Snapshot.packed` has them.
_KEY: Final = "costs:1"
#: Seconds that a connection and an answer may take.
_PATIENCE: Final = 0.5
_DAY: Final = 86_400.0


class RedisHistory:
    """Keeps the snapshots of the last while, of all processes that name this server.

    A process may lag behind or restart: totals are kept, so that a snapshot that was lost while
    the server was away is made up for by the next one. That it was away is said once, by a
    warning in the log `understudy.store`.

    Args:
        url: `redis://host:port/0`, or what else redis-py takes.
        prefix: of the key, for those who share a server.
        keep_seconds: for how long snapshots are kept.
        client: a client of redis-py's kind in place of the URL's.

    Raises:
        SettingsError: redis-py is not installed, or the URL is none.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "understudy:",
        keep_seconds: float = _DAY,
        client: Any = None,
    ) -> None:
        self._client = _connect(url) if client is None else client
        self._where = url.rpartition("@")[2]
        self._key = prefix + _KEY
        self._keep_ms = round(keep_seconds * 1000)
        self._is_told = False

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot and forget those that are too old; where the server is away, nothing."""
        oldest = snapshot.moment_ms - self._keep_ms
        pipeline = self._client.pipeline(transaction=False)
        pipeline.zadd(self._key, {snapshot.packed(): snapshot.moment_ms})
        pipeline.zremrangebyscore(self._key, "-inf", oldest)
        pipeline.pexpire(self._key, self._keep_ms)
        try:
            pipeline.execute()
        except Exception as error:  # noqa: BLE001 - requests go on without a history
            if not self._is_told:
                self._is_told = True
                logging.getLogger("understudy.store").warning(
                    "the Redis of cost snapshots at %s takes none (%s: %s); the next one that it"
                    " takes makes up for that. This is said once.",
                    self._where, type(error).__name__, error,
                )  # fmt: skip

    def since(self, moment_ms: int) -> list[Snapshot]:
        """Return the snapshots after a moment, in the order of time.

        Raises:
            StoreError: the server is away, or keeps something else under that key.
        """
        after = f"({moment_ms}"
        found = self._asked(lambda: self._client.zrangebyscore(self._key, after, "+inf"))
        snapshots = []
        for data in found:
            with suppress(ValueError):  # of somebody else
                snapshots.append(unpacked(data))
        return snapshots

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except Exception as error:
            msg = f"the Redis of cost snapshots at {self._where} gives none: {error}"
            raise StoreError(msg) from error


def _connect(url: str) -> Any:
    try:
        import redis  # noqa: PLC0415 - only those who share a history need it
    except ImportError:
        msg = "a history on Redis needs redis-py: pip install 'pytest-understudy[redis]'"
        raise SettingsError(msg) from None
    try:
        return redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
    except ValueError as error:
        msg = f"{url.rpartition('@')[2]!r} is no URL of Redis: {error}"
        raise SettingsError(msg) from error
