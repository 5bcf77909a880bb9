"""The patches at event loops: a look-up in a thread knows no caller, and uvloop no `socket`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from .._patches import Patches
    from ._gatekeeper import NetworkPolicy

    Method = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class AsyncioPatch:
    """Asks before asyncio looks a name up; its connections pass the patch of `socket`."""

    module: str = "asyncio.base_events"

    def install(self, module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
        """Wrap the look-up of all of asyncio's loops."""
        patches.wrap(module.BaseEventLoop, "getaddrinfo", partial(_asking_look_up, policy))


@dataclass(frozen=True, slots=True)
class ProactorPatch:
    """Asks before the loop of Windows connects, which passes `socket` by."""

    module: str = "asyncio.proactor_events"

    def install(self, module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
        """Wrap the connecting of sockets."""
        loop = module.BaseProactorEventLoop
        patches.wrap(loop, "sock_connect", partial(_asking_sock_connect, policy))


@dataclass(frozen=True, slots=True)
class UvloopPatch:
    """Asks before uvloop looks up and connects."""

    module: str = "uvloop"

    def install(self, module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
        """Wrap the methods of the Python class around uvloop's own."""
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
        if host is not None:
            for address in await _addresses_of(policy, self, host):
                policy.connect(address, port)
        return await original(self, factory, host, port, **options)

    return create_connection


async def _addresses_of(policy: NetworkPolicy, loop: Any, host: Any) -> list[Any]:
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
        if isinstance(address, tuple):
            host, port = address[:2]
            for one in await _addresses_of(policy, self, host):
                policy.connect(one, port)
        return await original(self, sock, address)

    return sock_connect
