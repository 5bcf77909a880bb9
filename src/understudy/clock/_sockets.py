"""The sockets of an event loop: whose data somebody waits for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from . import _machine as machine
from ._awaited import awaited_future
from ._operations import asked_for

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        awaited += [future for one in _leading_out(transports) if (future := _awaited(one))]
        for waiting in awaited:
            yield self._since.setdefault(waiting, machine.monotonic())


def _awaited(transport: Any) -> asyncio.Future[Any] | None:
    return awaited_future(transport.get_protocol())


def _leading_out(transports: list[Any]) -> list[Any]:
    """Return the connections that lead out of this loop.

    What the other end of a connection within the loop does is seen without waiting. A server
    waits for its clients, which is no work.
    """
    ends = {_ends(one) for one in transports}
    return [
        one
        for one in transports
        if getattr(one, "_server", None) is None and not _is_within(ends, *_ends(one))
    ]


def _ends(transport: asyncio.BaseTransport) -> tuple[object, object]:
    return transport.get_extra_info("sockname"), transport.get_extra_info("peername")


def _is_within(ends: set[tuple[object, object]], near: object, far: object) -> bool:
    return bool(near or far) and (far, near) in ends
