"""What addresses tell: who answers at a host, and how a request there is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..calls import is_loopback
from ._provider import OtherPath, Provider

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._target import Target


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
        local = self._local_ports.get(port) if is_loopback(host) else None
        return self._ports.get(port) or local

    def _by_suffix(self, host: str) -> str | None:
        fits = (name for end, word, name in self._suffixes if host.endswith(end) and word in host)
        return next(fits, None)


# The same with many. Token counts stand below the paths of calls, so they are asked for first;
# calls have `models` in their paths, so lists of models are asked for last.
_TOKEN_COUNTS: Final = OtherPath.of(
    "aux.{}", r"\b(count_tokens|count-tokens|countTokens|tokenize|input_tokens)$"
)
_MODELS: Final = OtherPath.of("aux.models", r"/models(?:/|$)")


class OtherRequests:
    """The names of the requests of all providers that are no calls."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        own = [(path, each.name) for each in providers for path in each.other_paths]
        self._paths = [(_TOKEN_COUNTS, ""), *own, (_MODELS, "")]
        #: The names of those that are billed, whatever their answers tell.
        self.billed = frozenset(path.name for path, _ in own if path.is_billed)

    def name_of(self, target: Target) -> str:
        """Name a request in the words of its path and of who answers; `other` if nobody can."""
        names = (
            path.name_in(target.path)
            for path, provider in self._paths
            if path.anywhere or provider == target.provider
        )
        return next(filter(None, names), "other")
