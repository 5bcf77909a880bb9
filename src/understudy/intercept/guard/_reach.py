"""Which hosts are this machine, and which may be reached besides."""

from __future__ import annotations

from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ...calls import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterable

_REMEMBERED: Final = 1024


def normal(host: str | bytes | None) -> str:
    """Return a host as text in lower case, without zone, brackets and trailing dot."""
    text = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else host or ""
    return text.strip("[]").partition("%")[0].rstrip(".").lower()


def host_of(url: str) -> str:
    """Return the normal host of a URL."""
    return normal(urlsplit(url).hostname)


def is_local(host: str) -> bool:
    """Tell whether `host`, a normal name or address, is this machine."""
    if is_loopback(host):
        return True
    address = address_of(host)
    return address is not None and (address.is_loopback or address.is_unspecified)


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that `host` spells, None for a name."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_allowed(host: str, allowed: Iterable[str]) -> bool:
    """Tell whether `host` is one of the `allowed` names, addresses and patterns (`*.test`)."""
    return any(fnmatchcase(host, pattern.lower()) for pattern in allowed)


class Names:
    """The names that addresses were looked up by: connections show addresses only."""

    def __init__(self) -> None:
        self._by_address: dict[str, str] = {}

    def remember(self, name: str, addresses: Iterable[str]) -> None:
        """Note that `name` was found to have `addresses`."""
        if len(self._by_address) > _REMEMBERED:
            self._by_address.clear()
        self._by_address.update((normal(address), name) for address in addresses)

    def of(self, host: str) -> str:
        """Return the name that was looked up for an address, or `host` itself."""
        return self._by_address.get(host, host)
