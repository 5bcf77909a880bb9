"""What an event loop has asked the machine for: readiness of sockets, or their operations."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

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
