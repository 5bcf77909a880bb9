"""Where requests go, and where an error came from that ended one: a network, or a mock."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ..calls import Request

_DEFAULT_PORTS: Final = MappingProxyType({"http": 80, "https": 443})

#: What a request runs through on its way to a network, in the libraries that are tapped.
_NETWORK: Final = frozenset({"httpcore", "httpcore2", "urllib3.connection", "http.client"})
_NETWORK_OF_AIOHTTP: Final = frozenset({"connector", "client_reqrep", "client_proto", "streams"})


def saw_network(error: BaseException | None) -> bool:
    """Tell whether `error`, or what it was raised from, came out of code that uses a network."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_globals.get("__name__", "")
            package, _, module = name.partition(".")
            if package in _NETWORK or name in _NETWORK:
                return True
            if package == "aiohttp" and module in _NETWORK_OF_AIOHTTP:
                return True
            trace = trace.tb_next
        error = error.__cause__ or error.__context__
    return False


def go_to_one_server(one: Request, other: Request) -> bool:
    """Tell whether two requests have one method and one server."""
    same_method = one.method.upper() == other.method.upper()
    return same_method and _server(one.url) == _server(other.url)


def are_same(one: Request, other: Request) -> bool:
    """Tell whether two requests have one method and one address, whatever they ask it for."""
    same_method = one.method.upper() == other.method.upper()
    return same_method and one.url.partition("?")[0] == other.url.partition("?")[0]


def _server(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)
