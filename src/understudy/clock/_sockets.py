"""The sockets and transports that a task of a loop waits for."""

from __future__ import annotations

import asyncio
import gc
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import ReferenceType, WeakKeyDictionary

from . import _machine as machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    Asked = asyncio.Handle | asyncio.Future[Any] | asyncio.BaseTransport

# What a loop reads on its own behalf: wake-ups, new connections, ends of child processes.
_OWN: Final = frozenset({"_accept_connection", "_do_wait", "_read_from_self", "_sock_accept"})


def asked_for(selector: Any) -> Iterator[Asked]:
    """Yield the transports that read or write, and whatever else waits for the machine."""
    if hasattr(selector, "get_map"):
        table = selector.get_map()
        # The only one is the loop's own.
        if len(table) > 1:
            yield from _of_selector(table)
    else:
        yield from _of_proactor(selector)


def _of_selector(table: Any) -> Iterator[Asked]:
    for key in list(table.values()):
        reader, writer = key.data
        callback = (writer or reader)._callback  # noqa: SLF001
        owner = getattr(callback, "__self__", None)
        if writer is None and isinstance(owner, asyncio.BaseTransport):
            yield owner
        elif writer is not None or getattr(callback, "__name__", "") not in _OWN:
            yield writer or reader


def _of_proactor(proactor: Any) -> Iterator[Asked]:
    """Windows: each operation has a future, which calls back a transport or wakes a task."""
    for future, *_ in list(getattr(proactor, "_cache", {}).values()):
        for callback, _ in future._callbacks or ():  # noqa: SLF001
            owner = getattr(callback, "__self__", None)
            if isinstance(owner, asyncio.BaseTransport):
                yield owner
            elif isinstance(owner, asyncio.Task):
                yield future


_MOST_OBJECTS: Final = 400
_MOST_STEPS: Final = 7
# Beyond these begins what is not the protocol's own.
_BORDERS: Final = (
    str, bytes, bytearray, int, float, type(None), type,
    BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType,
    asyncio.AbstractEventLoop, asyncio.BaseTransport, asyncio.Handle, asyncio.Task,
)  # fmt: skip


def awaited_future(protocol: object) -> asyncio.Future[Any] | None:
    """Return a future that `protocol` is to complete and a task waits for, if there is one.

    No interface tells. Stream readers, aiohttp, anyio and the drivers of databases keep such a
    future among the objects that they hold, a few steps away.
    """
    seen = {id(protocol)}
    step = [protocol]
    for _ in range(_MOST_STEPS):
        step = [held for held in map(_target, gc.get_referents(*step)) if _is_new(held, seen)]
        for held in step:
            if issubclass(type(held), asyncio.Future) and _is_awaited(held):
                return cast("asyncio.Future[Any]", held)
        if not step or len(seen) > _MOST_OBJECTS:
            break
    return None


def _target(held: object) -> object:
    """Return what a weak reference refers to: asyncio's own streams are held by one."""
    return held() if type(held) is ReferenceType else held


def _is_new(held: object, seen: set[int]) -> bool:
    # Not isinstance: that would ask proxies for their class.
    kind = type(held)
    is_beyond = issubclass(kind, _BORDERS) and not issubclass(kind, asyncio.SubprocessTransport)
    if is_beyond or id(held) in seen:
        return False
    seen.add(id(held))
    return True


def _is_awaited(future: Any) -> bool:
    return not future.done() and bool(future._callbacks)  # noqa: SLF001


class Sockets:
    """Tells the sockets that a task waits for from idle and listening ones."""

    def __init__(self, selector: Any) -> None:
        self._selector = selector
        self._since: WeakKeyDictionary[Any, float] = WeakKeyDictionary()

    def waited_since(self) -> Iterator[float]:
        """Yield the real moments since which somebody waits, for each socket that counts."""
        asked = list(asked_for(self._selector))
        transports = [one for one in asked if isinstance(one, asyncio.BaseTransport)]
        awaited = [one for one in asked if one not in transports]
        protocols = [one.get_protocol() for one in _leading_out(transports)]
        awaited += [future for one in protocols if (future := awaited_future(one))]
        for waiting in awaited:
            yield self._since.setdefault(waiting, machine.monotonic())


def _leading_out(transports: list[Any]) -> list[Any]:
    """Return the connections that lead out of this loop.

    What the other end of a connection within the loop does is seen without waiting. A server
    waits for its clients, which is no work.
    """
    ends = {
        one: (one.get_extra_info("sockname"), one.get_extra_info("peername")) for one in transports
    }
    within = {(far, near) for near, far in ends.values() if near or far}
    clients = (one for one in transports if getattr(one, "_server", None) is None)
    return [one for one in clients if ends[one] not in within]
