"""Calling an adapter, whether its methods block or are awaited."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from inspect import isasyncgenfunction, isawaitable, iscoroutinefunction
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from ._adapter import RouterAdapter
    from ._answer import Piece, RouterRequest

_END: Final = object()


def is_async(method: Callable[..., Any]) -> bool:
    """Tell whether a method is awaited, so that whoever waits for it may give up."""
    return iscoroutinefunction(method) or isasyncgenfunction(method)


async def called(method: Callable[..., Any], *arguments: Any) -> Any:
    """Call a method of an adapter: here where it is async, else in a thread of its own."""
    if is_async(method):
        result = method(*arguments)
    else:
        result = await in_thread(method, *arguments)
    return await result if isawaitable(result) else result


def in_thread(function: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
    """Run a function in a thread of its own, which ends with the process if it hangs."""
    future: Future[Any] = Future()
    context = copy_context()

    def run() -> None:
        try:
            result = context.run(function, *arguments)
        except BaseException as error:  # noqa: BLE001 - whoever waits for it gets it
            with suppress(Exception):
                future.set_exception(error)
        else:
            with suppress(Exception):
                future.set_result(result)

    Thread(target=run, daemon=True).start()
    return asyncio.wrap_future(future)


async def pieces_of(adapter: RouterAdapter, request: RouterRequest) -> AsyncGenerator[Piece]:
    """Yield the pieces of a stream; closing this closes the router's."""
    stream = await called(adapter.stream, request)
    if hasattr(stream, "__aiter__"):
        try:
            async for piece in stream:
                yield piece
        finally:
            if hasattr(stream, "aclose"):
                await stream.aclose()
        return
    steps = iter(stream)
    try:
        while (piece := await in_thread(next, steps, _END)) is not _END:
            yield piece
    finally:
        if hasattr(steps, "close"):
            await in_thread(steps.close)
