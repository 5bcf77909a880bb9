"""The patches where connections are made: Python's own sockets, and event loops.

A look-up that a loop makes in a thread knows no caller, and uvloop no `socket`.
"""

from __future__ import annotations

import socket
import sys
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

from ._refusal import CallRefused, ConnectionBlocked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from .._patches import Patches
    from ._policy import NetworkPolicy

    Method = Callable[..., Awaitable[Any]]


def patch_sockets(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before names are looked up and streams connected, in the module `socket`."""
    patches.wrap(module, "getaddrinfo", partial(_asking_getaddrinfo, policy))
    patches.wrap(module.socket, "connect", partial(_asking_connect, policy), inherited=True)
    patches.wrap(module.socket, "connect_ex", partial(_asking_connect_ex, policy), inherited=True)


def _asking_getaddrinfo(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if not policy.is_blocking:
            return original(host, *args, **options)
        policy.look_up(host)
        found = original(host, *args, **options)
        policy.found(host, (address[0] for *_, address in found))
        return found

    return getaddrinfo


def _asking_connect(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def connect(self: socket.socket, address: Any) -> Any:
        if not policy.is_blocking:
            return original(self, address)
        try:
            _ask_socket(policy, self, address)
        except CallRefused:
            self.close()  # who expects errors of the system only leaves it open
            raise
        return original(self, address)

    return connect


def _asking_connect_ex(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def connect_ex(self: socket.socket, address: Any) -> Any:
        if not policy.is_blocking:
            return original(self, address)
        try:
            _ask_socket(policy, self, address)
        except ConnectionBlocked as blocked:
            return blocked.errno
        return original(self, address)

    return connect_ex


def _ask_socket(policy: NetworkPolicy, connecting: Any, address: Any) -> None:
    is_stream = connecting.type == socket.SOCK_STREAM
    if is_stream and connecting.family in (socket.AF_INET, socket.AF_INET6):
        host, port = address[:2]
        for one in _addresses_of(policy, host):
            policy.connect(one, port)


def _addresses_of(policy: NetworkPolicy, host: str | bytes) -> list[str | bytes]:
    """Return what a connection to `host` will reach: a name of this machine may be any name."""
    if policy.is_address(host):
        return [host]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []  # whoever connects finds that out
    return [str(address[0]) for *_, address in found]


class LowLevel:
    """Hears of what passes the patches of `socket` by: `_socket`, and methods bound before.

    Python never forgets an audit hook, so there is one for all guards of the process; it does
    nothing where none of them is up.
    """

    def __init__(self) -> None:
        self._policies: tuple[NetworkPolicy, ...] = ()
        self._is_hooked = False
        self._reaching = _REACHING  # its own, since the hook outlives the names of the module

    def ask(self, policy: NetworkPolicy) -> None:
        """Let a policy be asked, from now on."""
        self._policies = (*self._policies, policy)
        if not self._is_hooked:
            self._is_hooked = True
            sys.addaudithook(self._hook)

    def leave(self, policy: NetworkPolicy) -> None:
        """Ask a policy no longer."""
        self._policies = tuple(one for one in self._policies if one is not policy)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event in self._reaching:
            for policy in self._policies:
                if policy.is_blocking and isinstance(args[1], tuple):
                    _ask_socket(policy, args[0], args[1])


#: The audit events of a connection, and of data that may open one (TCP Fast Open).
_REACHING: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
LOW_LEVEL: Final = LowLevel()


def patch_asyncio(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before asyncio looks a name up; its connections pass the patch of `socket`."""
    patches.wrap(module.BaseEventLoop, "getaddrinfo", partial(_asking_look_up, policy))


def patch_proactor(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before the loop of Windows connects, which passes `socket` by."""
    loop = module.BaseProactorEventLoop
    patches.wrap(loop, "sock_connect", partial(_asking_sock_connect, policy))


def patch_uvloop(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before uvloop looks up and connects, in the Python class around its own."""
    ways = {
        "getaddrinfo": _asking_look_up,
        "create_connection": _asking_create_connection,
        "sock_connect": _asking_sock_connect,
    }
    for name, asking in ways.items():
        patches.wrap(module.Loop, name, partial(asking, policy), inherited=True)


def _asking_look_up(policy: NetworkPolicy, original: Method) -> Method:
    @wraps(original)
    async def getaddrinfo(self: Any, host: Any, *args: Any, **options: Any) -> Any:
        if not policy.is_blocking:
            return await original(self, host, *args, **options)
        policy.look_up(host)
        found = await original(self, host, *args, **options)
        policy.found(host, (address[0] for *_, address in found))
        return found

    return getaddrinfo


def _asking_create_connection(policy: NetworkPolicy, original: Method) -> Method:
    @wraps(original)
    async def create_connection(
        self: Any, factory: Any, host: Any = None, port: Any = None, **options: Any
    ) -> Any:
        if policy.is_blocking and host is not None:
            for address in await _addresses_in(policy, self, host):
                policy.connect(address, port)
        return await original(self, factory, host, port, **options)

    return create_connection


async def _addresses_in(policy: NetworkPolicy, loop: Any, host: Any) -> list[Any]:
    if policy.is_address(host):
        return [host]
    try:
        found = await loop.getaddrinfo(host, None)
    except OSError:
        return []  # whoever connects finds that out
    return [address[0] for *_, address in found]


def _asking_sock_connect(policy: NetworkPolicy, original: Method) -> Method:
    @wraps(original)
    async def sock_connect(self: Any, sock: Any, address: Any) -> Any:
        if policy.is_blocking and isinstance(address, tuple):
            host, port = address[:2]
            for one in await _addresses_in(policy, self, host):
                policy.connect(one, port)
        return await original(self, sock, address)

    return sock_connect
