"""The tap of httpx and of httpx2, which have the same classes and the same private names.

It stands in the client, above the transports: vcrpy, respx and pytest-httpx replace things
below it, so that it sees the request whatever answers.
"""

# ruff: noqa: SLF001 - a tap stands where the library has no door

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from ...calls import Request
from ._httpx_answers import SubstituteClient, stays_inside
from ._others_mocks import is_mocked_below
from ._uploads import AsyncPiecesUpload, PiecesUpload, Upload, sending

if TYPE_CHECKING:
    from types import ModuleType

    from .._answer import Answer
    from .._attempts import HttpAttempt, HttpAttempts
    from .._patches import Patches


def tap_httpx(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what both clients call once for each request, redirects included."""
    # Streams derive from that library's own base classes: its clients ask for those.
    stream = type("TappedStream", (_Stream, module.SyncByteStream), {})
    async_stream = type("TappedAsyncStream", (_AsyncStream, module.AsyncByteStream), {})
    begin = partial(attempts.harmless, attempts.begin, module.__package__, _describe)
    upload = type("TappedUpload", (PiecesUpload, module.SyncByteStream), {})
    async_upload = type("TappedAsyncUpload", (AsyncPiecesUpload, module.AsyncByteStream), {})
    watch = partial(attempts.harmless, _watch)
    substitute = SubstituteClient.of(module)
    ways = _Ways(attempts, begin, partial(watch, stream), substitute, upload)
    patches.wrap(module.Client, "_send_single_request", partial(_sync_sender, ways))
    patches.wrap(module.Client, "_send_handling_auth", partial(_sync_journey, attempts))
    ways = _Ways(attempts, begin, partial(watch, async_stream), substitute, async_upload)
    patches.wrap(module.AsyncClient, "_send_single_request", partial(_async_sender, ways))
    patches.wrap(module.AsyncClient, "_send_handling_auth", partial(_async_journey, attempts))


class _Ways(NamedTuple):
    """What a sender needs, for a client that blocks or for one that awaits."""

    attempts: HttpAttempts
    begin: Callable[[Any], HttpAttempt | None]
    watch: Callable[[HttpAttempt, Any], None]
    substitute: SubstituteClient
    upload: type[Upload]

    def watching_upload(self, attempt: HttpAttempt, request: Any) -> AbstractContextManager[None]:
        """Return within what a body is sent, so that the attempt hears of it."""
        if attempt.own is None or not _is_upload(request):  # nobody watches, or it was read
            return nullcontext()
        return sending(attempt, request, self.upload)


def _sync_sender(ways: _Ways, original: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    attempts = ways.attempts

    @wraps(original)
    def _send_single_request(self: Any, request: Any) -> Any:
        is_upload = _is_upload(request) and hasattr(request.stream, "__iter__")
        if is_upload and attempts.reads_upload(_describe, request):
            request.read()
        attempt = ways.begin(request)
        if attempt is None:
            return original(self, request)
        with attempt:
            answer = _answer(attempt, self, request)
            if answer is not None:
                response = original(ways.substitute.client(self, answer), request)
            else:
                with ways.watching_upload(attempt, request) if is_upload else nullcontext():
                    response = original(self, request)
        if attempt.is_watched:
            ways.watch(attempt, response)
        return response

    return _send_single_request


def _async_sender(
    ways: _Ways, original: Callable[[Any, Any], Awaitable[Any]]
) -> Callable[[Any, Any], Awaitable[Any]]:
    attempts = ways.attempts

    @wraps(original)
    async def _send_single_request(self: Any, request: Any) -> Any:
        is_upload = _is_upload(request) and hasattr(request.stream, "__aiter__")
        if is_upload and attempts.reads_upload(_describe, request):
            await request.aread()
        attempt = ways.begin(request)
        if attempt is None:
            return await original(self, request)
        with attempt:
            answer = _answer(attempt, self, request)
            if answer is not None:
                response = await original(ways.substitute.client(self, answer), request)
            else:
                with ways.watching_upload(attempt, request) if is_upload else nullcontext():
                    response = await original(self, request)
        if attempt.is_watched:
            ways.watch(attempt, response)
        return response

    return _send_single_request


def _sync_journey(attempts: HttpAttempts, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def _send_handling_auth(self: Any, *args: Any, **options: Any) -> Any:
        with attempts.journeys():
            return original(self, *args, **options)

    return _send_handling_auth


def _async_journey(
    attempts: HttpAttempts, original: Callable[..., Awaitable[Any]]
) -> Callable[..., Awaitable[Any]]:
    @wraps(original)
    async def _send_handling_auth(self: Any, *args: Any, **options: Any) -> Any:
        with attempts.journeys():
            return await original(self, *args, **options)

    return _send_handling_auth


def _answer(attempt: HttpAttempt, client: Any, request: Any) -> Answer | None:
    if attempt.attempts.answerer is None:
        return None
    transport = client._transport_for_url(request.url)
    if stays_inside(transport):
        return None
    chosen = getattr(type(client)._transport_for_url, "__module__", "")
    if chosen.partition(".")[0] != attempt.client:  # whoever chooses it answers, as pook does
        return attempt.answer(lambda _: True)
    return attempt.answer(partial(is_mocked_below, attempt.client, transport))


def _is_upload(request: Any) -> bool:
    # A streaming upload has no `_content` yet: it is the application's to be read.
    return not hasattr(request, "_content") and type(request.stream).__name__ != "ByteStream"


def _describe(request: Any) -> Request:
    body = getattr(request, "_content", None)
    if body is None:
        # What follows a redirect has the stream of the request before: bytes, mostly.
        body = getattr(request.stream, "_stream", None)
    body = body if isinstance(body, bytes) else b""
    return Request(request.method, str(request.url), request.headers, body)


def _watch(stream_type: type[Any], attempt: HttpAttempt, response: Any) -> None:
    # Transports that go to the network hand on the connection they used.
    from_network = "network_stream" in response.extensions
    content = getattr(response, "_content", None)
    headers = [
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in response.headers.raw
    ]
    attempt.respond(
        response.status_code, headers, decoded=content is not None, from_network=from_network
    )
    if content is not None:
        # The fake of a mock transport holds its whole body and is never streamed.
        attempt.whole(content)
        return
    # The stream inside the client's own one is replaced: `response.stream` stays what it was.
    bound = response.stream
    stream = bound._stream
    # No connection can be read both ways.
    is_in_memory = hasattr(stream, "__iter__") and hasattr(stream, "__aiter__")
    starts_over = is_in_memory or not (from_network or attempt.reached_network)
    bound._stream = stream_type(stream, attempt, starts_over=starts_over)


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
