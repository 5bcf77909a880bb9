"""Opens streams, and reads on until the first content: until then another may be asked."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from ._errors import ProviderError
from ._reading import StreamReading
from ._steps import Opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ._provider import AsyncProvider, Json, Provider
    from ._steps import Ask

DONE: Final = "[DONE]"
_END: Final = object()


class Opening:
    """What a stream tells until its first content."""

    def __init__(self, ask: Ask) -> None:
        self._reading = StreamReading(ask.seat.provider, ask.seat.model)
        self._begun: list[tuple[Json, str]] = []

    def take(self, event: Json) -> bool:
        """Take an event; tell whether it is the first content, or the model has finished.

        Raises:
            ProviderError: it is an error.
        """
        self._begun.append((event, self._reading.take(event)))
        return self._reading.has_content or self._reading.is_finished

    def opened(self, source: object, *, is_over: bool) -> Opened:
        """Return the stream.

        Raises:
            ProviderError: it is over, and the model had not finished.
        """
        if is_over and not self._reading.is_finished:
            msg = "the stream ended before the model had said anything"
            raise ProviderError(msg)
        return Opened(source, self._reading, tuple(self._begun), is_over)


def open_stream(provider: Provider, ask: Ask) -> Opened:
    """Ask a provider for a stream and read on until its first content."""
    opening = Opening(ask)
    source = iter(provider.stream(ask.body, timeout=ask.timeout))
    try:
        for event in source:
            if event == DONE:
                break
            if opening.take(event):
                return opening.opened(source, is_over=False)
        return opening.opened(source, is_over=True)
    except BaseException:
        close(source)
        raise


async def open_stream_async(provider: AsyncProvider, ask: Ask) -> Opened:
    """Ask a provider for a stream and read on until its first content."""
    opening = Opening(ask)
    source = aiter(provider.astream(ask.body, timeout=ask.timeout))
    try:
        async for event in source:
            if event == DONE:
                break
            if opening.take(event):
                return opening.opened(source, is_over=False)
        return opening.opened(source, is_over=True)
    except BaseException:
        await close_async(source)
        raise


class InThread:
    """A provider that blocks, for those who await: its calls are made in threads."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.name = provider.name

    async def acomplete(self, body: Any, *, timeout: float) -> Json:  # noqa: ASYNC109
        """Return the answer."""
        return await asyncio.to_thread(self._provider.complete, body, timeout=timeout)

    async def astream(self, body: Any, *, timeout: float) -> AsyncIterator[Json]:  # noqa: ASYNC109
        """Yield the events of the answer."""
        events = iter(self._provider.stream(body, timeout=timeout))
        try:
            while (event := await asyncio.to_thread(next, events, _END)) is not _END:
                yield event  # type: ignore[misc]
        finally:
            close(events)


def close(source: Iterator[Json]) -> None:
    """Let a provider know that nobody listens any more."""
    with suppress(Exception):
        getattr(source, "close", _nothing)()


async def close_async(source: AsyncIterator[Json]) -> None:
    """Let a provider know that nobody listens any more."""
    with suppress(Exception):
        if hasattr(source, "aclose"):
            await source.aclose()


def _nothing() -> None:
    """Stand in where nothing is to be closed."""
