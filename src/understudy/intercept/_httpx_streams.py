"""Streams of httpx and httpx2 that pass each chunk on and tell of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import ModuleType

    from ._attempt import HttpAttempt


def stream_types(module: ModuleType) -> tuple[type[Any], type[Any]]:
    """Return the synchronous and the asynchronous stream for the library of `module`.

    They derive from that library's own base classes: its clients ask for those.
    """
    return (
        type("TappedStream", (_Stream, module.SyncByteStream), {}),
        type("TappedAsyncStream", (_AsyncStream, module.AsyncByteStream), {}),
    )


class _Tapped:
    """What both streams have: the stream they wrap, the attempt, and what notes a chunk.

    Some readers iterate twice: openai's look for the end of a stream that they have stopped
    reading. One that comes from the network goes on then; one in memory starts over, and is
    not noted again.
    """

    def __init__(self, stream: Any, attempt: HttpAttempt, *, starts_over: bool) -> None:
        self._stream = stream
        self._attempt = attempt
        self._note: Callable[[bytes], None] = attempt.chunk
        self._next_note = _forget if starts_over else attempt.chunk

    def _take_note(self) -> Callable[[bytes], None]:
        note, self._note = self._note, self._next_note
        return note


class _Stream(_Tapped):
    def __iter__(self) -> Iterator[bytes]:
        note = self._take_note()
        try:
            for chunk in self._stream:
                note(chunk)
                yield chunk
        except GeneratorExit:
            raise  # the reader stopped; the response is closed next, or never
        except BaseException as error:
            self._attempt.fail(error)
            raise
        self._attempt.end()

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._attempt.close()


class _AsyncStream(_Tapped):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        note = self._take_note()
        chunks = self._stream.__aiter__()
        try:
            async for chunk in chunks:
                note(chunk)
                yield chunk
        except GeneratorExit:
            raise  # the reader stopped; the response is closed next, or never
        except BaseException as error:
            self._attempt.fail(error)
            raise
        finally:
            # httpx2 closes the generators it reads from, and so must whoever stands between.
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()
        self._attempt.end()

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            self._attempt.close()


def _forget(chunk: bytes) -> None:
    """Note nothing."""
