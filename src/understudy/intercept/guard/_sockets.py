"""The patch at Python's own sockets."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from ._refusal import CallRefused, ConnectionBlocked

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .._patches import Patches
    from ._gatekeeper import NetworkPolicy


@dataclass(frozen=True, slots=True)
class SocketPatch:
    """Asks before names are looked up and streams connected, in the module `socket`."""

    module: str = "socket"

    def install(self, module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
        """Wrap the look-up of names, and both ways to connect."""
        patches.wrap(module, "getaddrinfo", partial(_asking_getaddrinfo, policy))
        patches.wrap(module.socket, "connect", partial(_asking_connect, policy), inherited=True)
        patches.wrap(
            module.socket, "connect_ex", partial(_asking_connect_ex, policy), inherited=True
        )


def _asking_getaddrinfo(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        policy.look_up(host)
        found = original(host, *args, **options)
        policy.found(host, (address[0] for *_, address in found))
        return found

    return getaddrinfo


def _asking_connect(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def connect(self: socket.socket, address: Any) -> Any:
        try:
            _ask(policy, self, address)
        except CallRefused:
            self.close()  # who expects errors of the system only leaves it open
            raise
        return original(self, address)

    return connect


def _asking_connect_ex(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def connect_ex(self: socket.socket, address: Any) -> Any:
        try:
            _ask(policy, self, address)
        except ConnectionBlocked as blocked:
            return blocked.errno
        return original(self, address)

    return connect_ex


def _ask(policy: NetworkPolicy, connecting: socket.socket, address: Any) -> None:
    is_stream = connecting.type == socket.SOCK_STREAM
    if is_stream and connecting.family in (socket.AF_INET, socket.AF_INET6):
        host, port = address[:2]
        for one in addresses_of(policy, host):
            policy.connect(one, port)


def addresses_of(policy: NetworkPolicy, host: str | bytes) -> list[str | bytes]:
    """Return what a connection to `host` will reach: a name of this machine may be any name."""
    if policy.is_address(host):
        return [host]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []  # whoever connects finds that out
    return [str(address[0]) for *_, address in found]
