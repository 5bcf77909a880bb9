"""Who answers at a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._provider import Provider

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - compared only


class Hosts:
    """The hosts of all providers; what the first of them claims is its own."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        last_first = providers[::-1]
        self._exact = {host: each.name for each in last_first for host in each.hosts}
        self._ports = {port: each.name for each in last_first for port in each.ports}
        self._local_ports = {port: each.name for each in last_first for port in each.local_ports}
        self._suffixes = [
            (suffix, each.host_word, each.name) for each in providers for suffix in each.suffixes
        ]

    def provider_of(self, host: str, port: int | None) -> str | None:
        """Name who answers at `host` (in lower case); None for a stranger."""
        known = self._exact.get(host) or self._by_suffix(host)
        if known is not None or port is None:
            return known
        local = self._local_ports.get(port) if host in _LOOPBACK else None
        return self._ports.get(port) or local

    def _by_suffix(self, host: str) -> str | None:
        fits = (name for end, word, name in self._suffixes if host.endswith(end) and word in host)
        return next(fits, None)
