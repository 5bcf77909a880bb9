"""The tap of httpx and httpx2, on transports in memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.watcher import Watcher

from understudy.intercept import Taps

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

URL = "https://api.openai.com/v1/chat/completions"

both = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
fuzz = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
chunkings = st.lists(st.binary(max_size=40), max_size=12)


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """An observer of every request while the test runs; a fault of a tap fails the test."""
    watcher = Watcher()
    with Taps(watcher):
        yield watcher
    assert watcher.faults == []


def transport(  # noqa: C901 - the streams belong together
    library: Any, chunks: list[bytes], error: Exception | None = None
) -> Any:
    """Return a transport that streams `chunks`, then raises `error`, as if from the network."""

    class Stream(library.SyncByteStream):  # type: ignore[misc]
        is_closed = False

        def __iter__(self) -> Iterator[bytes]:
            yield from chunks
            if error is not None:
                raise error

        def close(self) -> None:
            self.is_closed = True

    class AsyncStream(library.AsyncByteStream):  # type: ignore[misc]
        is_closed = False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in chunks:
                yield chunk
            if error is not None:
                raise error

        async def aclose(self) -> None:
            self.is_closed = True

    class Transport(library.BaseTransport, library.AsyncBaseTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            del request
            self.stream = Stream()
            return self.respond()

        async def handle_async_request(self, request: Any) -> Any:
            await request.aread()
            self.stream = AsyncStream()
            return self.respond()

        def respond(self) -> Any:
            return library.Response(
                200, stream=self.stream, extensions={"network_stream": object()}
            )

    return Transport()


@both
@fuzz
@given(chunks=chunkings)
def test_reader_sees_the_very_chunks(library: Any, watcher: Watcher, chunks: list[bytes]) -> None:
    """Any bytes in any chunking, empty chunks included, pass as they are and are told as such."""
    watcher.watched.clear()
    with library.Client(transport=transport(library, chunks)) as client:
        request = client.build_request("POST", URL)
        seen = list(client.send(request, stream=True).stream)

    assert seen == chunks
    assert watcher.only.chunks == chunks
    assert watcher.only.ending == "end"


@both
@fuzz
@given(chunks=chunkings)
def test_async_reader_sees_the_very_chunks(
    library: Any, watcher: Watcher, chunks: list[bytes]
) -> None:
    """The same for the asynchronous client."""
    watcher.watched.clear()

    async def read() -> list[bytes]:
        async with library.AsyncClient(transport=transport(library, chunks)) as client:
            request = client.build_request("POST", URL)
            response = await client.send(request, stream=True)
            return [chunk async for chunk in response.stream]

    assert asyncio.run(read()) == chunks
    assert watcher.only.chunks == chunks
    assert watcher.only.ending == "end"


@both
def test_response_keeps_its_types(library: Any, watcher: Watcher) -> None:
    """The stream is the client's own, and still knows how long it took."""
    with Taps(watcher), library.Client(transport=transport(library, [b"x"])) as client:
        tapped = client.post(URL)
    watcher_off = library.Client(transport=transport(library, [b"x"]))
    plain = watcher_off.post(URL)

    assert type(tapped) is type(plain)
    assert isinstance(tapped.stream, library.SyncByteStream)
    assert type(tapped.stream) is type(plain.stream)
    assert tapped.elapsed.total_seconds() >= 0


@both
def test_error_mid_stream_reaches_the_reader_as_it_is(library: Any, watcher: Watcher) -> None:
    """The same object, and the stream is closed after it."""
    error = library.ReadError("broken")
    through = transport(library, [b"one"], error)

    with library.Client(transport=through) as client, pytest.raises(library.ReadError) as caught:
        client.post(URL)

    assert caught.value is error
    assert watcher.only.ending is error
    assert watcher.only.chunks == [b"one"]
    assert through.stream.is_closed


@both
async def test_async_error_mid_stream_reaches_the_reader_as_it_is(
    library: Any, watcher: Watcher
) -> None:
    """The same object, and the stream is closed after it."""
    error = library.ReadError("broken")
    through = transport(library, [b"one"], error)

    async with library.AsyncClient(transport=through) as client:
        with pytest.raises(library.ReadError) as caught:
            await client.post(URL)

    assert caught.value is error
    assert watcher.only.ending is error
    assert through.stream.is_closed


@both
def test_streaming_upload_is_read_by_nobody_else(library: Any, watcher: Watcher) -> None:
    """A generator is the application's to be read; its bytes are known once they are sent."""
    uploaded: list[bytes] = []

    def answer(request: Any) -> Any:
        uploaded.append(request.read())
        return library.Response(200)

    def upload() -> Iterator[bytes]:
        yield b"one"
        yield b"two"

    with library.Client(transport=library.MockTransport(answer)) as client:
        client.post(URL, content=upload())

    assert uploaded == [b"onetwo"]
    assert watcher.only.request.body == b"onetwo"


@both
async def test_streaming_upload_is_read_where_somebody_wants_it_whole(library: Any) -> None:
    """By a client that blocks and by one that awaits; what is whole already stays as it is."""
    uploaded: list[bytes] = []
    watcher = Watcher()

    def answer(request: Any) -> Any:
        uploaded.append(request.content)
        return library.Response(200)

    async def upload() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    with Taps(watcher, reads_uploads=lambda: True):
        with library.Client(transport=library.MockTransport(answer)) as client:
            client.post(URL, content=iter([b"one", b"two"]))
            client.post(URL, content=b"whole")
        async with library.AsyncClient(transport=library.MockTransport(answer)) as client:
            await client.post(URL, content=upload())

    bodies = [b"onetwo", b"whole", b"onetwo"]
    assert [one.request.body for one in watcher.watched] == uploaded == bodies


@both
def test_each_redirect_is_an_attempt(library: Any, watcher: Watcher) -> None:
    """The client follows, and every request is told with its own address."""

    def answer(request: Any) -> Any:
        if request.url.path == "/new":
            return library.Response(200, text="here")
        return library.Response(307, headers={"location": "/new"})

    with library.Client(transport=library.MockTransport(answer), follow_redirects=True) as client:
        client.post(URL)

    assert [watched.status for watched in watcher.watched] == [307, 200]
    assert watcher.watched[1].request.url == "https://api.openai.com/new"


@both
async def test_reader_that_looks_for_the_end_of_a_stream_in_memory_tells_it_once(
    library: Any, watcher: Watcher
) -> None:
    """A reader that iterates anew after the last event starts over in such a stream."""
    fake = library.Response(200, stream=library.ByteStream(b"body"))
    transport = library.MockTransport(lambda _: fake)

    async with library.AsyncClient(transport=transport) as client:
        request = client.build_request("POST", URL)
        response = await client.send(request, stream=True)
        async for _ in response.stream:
            break
        again = [chunk async for chunk in response.stream]
        await response.aclose()

    assert again == [b"body"]
    assert watcher.only.chunks == [b"body"]
    assert watcher.only.ending == "end"


@both
def test_stream_from_the_network_goes_on_where_a_reader_stopped(
    library: Any, watcher: Watcher
) -> None:
    """What is read by a second iteration is told too."""
    rest = iter([b"one", b"two"])
    through = transport(library, [])
    through.respond = lambda: library.Response(
        200, stream=Continuing(library), extensions={"network_stream": object()}
    )

    def Continuing(library: Any) -> Any:  # noqa: N802 - makes a class's instance
        class Stream(library.SyncByteStream):  # type: ignore[misc]
            def __iter__(self) -> Iterator[bytes]:
                yield from rest

        return Stream()

    with library.Client(transport=through) as client, client.stream("POST", URL) as response:
        first = next(iter(response.stream))
        second = list(response.stream)

    assert [first, *second] == [b"one", b"two"]
    assert watcher.only.chunks == [b"one", b"two"]


@both
def test_unwatched_response_is_left_alone(library: Any) -> None:
    """Nothing stands in the stream of a call that nobody cares for."""
    through = transport(library, [b"x"])

    with (
        Taps(Watcher(ignores=lambda _: True)),
        library.Client(transport=through) as client,
        client.stream("GET", URL) as response,
    ):
        inner = response.stream._stream

    assert inner is through.stream


@both
def test_response_that_cannot_be_tapped_is_left_alone(library: Any) -> None:
    """A fault of ours is told to the observer, and the application reads on."""
    watcher = Watcher()
    odd = transport(library, [b"x"])

    class Extensions(dict[str, Any]):
        def __contains__(self, name: object) -> bool:
            raise LookupError(name)

    plain = odd.respond

    def respond() -> Any:
        response = plain()
        response.extensions = Extensions()
        return response

    odd.respond = respond
    with Taps(watcher), library.Client(transport=odd) as client:
        answer = client.post(URL)

    assert answer.content == b"x"
    assert [str(fault) for fault in watcher.faults] == ["network_stream"]
