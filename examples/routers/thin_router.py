"""A router as teams write it: a table, a cache, a fallback, and the bill."""

from __future__ import annotations

import json
import time
from fnmatch import fnmatch
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: USD for a million tokens, in and out.
PRICES = {"gpt-4o": (2.50, 10.00)}


class Routed(NamedTuple):
    """An answer, and how the router came by it."""

    body: dict[str, Any]
    provider: str
    usd: float
    is_hit: bool


class ThinRouter:
    """Sends a request to the provider of its model; `clients` have `complete` and `stream`."""

    def __init__(
        self,
        clients: Mapping[str, Any],
        table: Mapping[str, Sequence[str]],
        *,
        ttl: float = 0.0,
    ) -> None:
        if not clients:
            msg = "ThinRouter needs at least one client"
            raise ValueError(msg)
        if not table:
            msg = "ThinRouter needs a table from models to clients"
            raise ValueError(msg)
        self.clients = clients
        self.table = table
        self.ttl = ttl
        self.requests = self.hits = self.calls = 0
        self._kept: dict[str, tuple[float, str, Routed]] = {}
        self._lock = Lock()

    def complete(self, body: Mapping[str, Any]) -> Routed:
        key = json.dumps(body, sort_keys=True)
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() < kept[0]:
            self._count(hits=1)
            return Routed(json.loads(kept[1]), kept[2].provider, 0.0, is_hit=True)
        routed = self._ask(body)
        self._count(calls=1)
        if self.ttl:
            self._kept[key] = time.monotonic() + self.ttl, json.dumps(routed.body), routed
        return routed

    def stream(self, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        client = self.clients[self._names(body["model"])[0]]
        yield from client.stream(self._named(body))

    def _ask(self, body: Mapping[str, Any]) -> Routed:
        *others, last = self._names(body["model"])
        for name in others:
            try:
                return self._routed(name, self.clients[name].complete(self._named(body)))
            except OSError:  # nobody there: the next one
                continue
        return self._routed(last, self.clients[last].complete(self._named(body)))

    def _routed(self, name: str, answer: dict[str, Any]) -> Routed:
        usage, (asked, said) = answer["usage"], PRICES.get(answer["model"], (0.0, 0.0))
        usd = (usage["prompt_tokens"] * asked + usage["completion_tokens"] * said) / 1_000_000
        return Routed(answer, name, usd, is_hit=False)

    def _names(self, model: str) -> Sequence[str]:
        return next(names for pattern, names in self.table.items() if fnmatch(model, pattern))

    def _named(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return {**body, "model": body["model"].rpartition("/")[2]}

    def _count(self, hits: int = 0, calls: int = 0) -> None:
        with self._lock:
            self.requests += 1
            self.hits += hits
            self.calls += calls
