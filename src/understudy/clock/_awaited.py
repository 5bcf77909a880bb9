"""Whether a task waits for what a protocol is to receive."""

from __future__ import annotations

import asyncio
import gc
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any, Final, cast
from weakref import ReferenceType

_MOST_OBJECTS: Final = 400
_MOST_STEPS: Final = 7
# Beyond these begins what is not the protocol's own.
_BORDERS: Final = (
    str,
    bytes,
    bytearray,
    int,
    float,
    type(None),
    type,
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    MethodType,
    ModuleType,
    asyncio.AbstractEventLoop,
    asyncio.BaseTransport,
    asyncio.Handle,
    asyncio.Task,
)


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
