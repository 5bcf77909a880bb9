"""What a cassette lets pass by, in vcrpy's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ...calls import Request

_LOCALHOSTS: Final = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """Which requests are neither played nor recorded: those to `ignore_hosts`, by name."""

    ignore_hosts: frozenset[str] = frozenset()
    ignore_localhost: bool = False

    def lets_by(self, request: Request) -> bool:
        """Tell whether `request` is none of the cassette's."""
        if not self.ignore_hosts and not self.ignore_localhost:
            return False
        host = urlsplit(request.url).hostname or ""
        return host in self.ignore_hosts or (self.ignore_localhost and host in _LOCALHOSTS)
