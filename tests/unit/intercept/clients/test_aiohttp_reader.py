"""A tapped reader of aiohttp beside one that is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.watcher import Watcher

from understudy.calls import Request
from understudy.intercept._attempts import HttpAttempts
from understudy.intercept._patches import Subclassing
from understudy.intercept.clients._aiohttp_reader import TappedReader, watch_reader

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Reading = list[tuple[str, Any]]


async def _lines(reader: StreamReader, _: int) -> Any:
    return [line async for line in reader]


async def _any(reader: StreamReader, _: int) -> Any:
    return [chunk async for chunk in reader.iter_any()]


async def _chunked(reader: StreamReader, size: int) -> Any:
    return [chunk async for chunk in reader.iter_chunked(size)]


async def _chunks(reader: StreamReader, _: int) -> Any:
    return [chunk async for chunk in reader.iter_chunks()]


async def _read_nowait(reader: StreamReader, size: int) -> Any:
    return reader.read_nowait(size)


WAYS: dict[str, Callable[[StreamReader, int], Awaitable[Any]]] = {
    "read": lambda reader, _: reader.read(),
    "read some": lambda reader, size: reader.read(size),
    "read nowait": _read_nowait,
    "readany": lambda reader, _: reader.readany(),
    "readchunk": lambda reader, _: reader.readchunk(),
    "readline": lambda reader, _: reader.readline(),
    "readexactly": lambda reader, size: reader.readexactly(size),
    "readuntil": lambda reader, _: reader.readuntil(b"ab"),
    "lines": _lines,
    "any": _any,
    "chunked": _chunked,
    "chunks": _chunks,
}

steps = st.lists(
    st.one_of(
        st.tuples(st.just("feed"), st.text("ab\n", max_size=6).map(str.encode)),
        st.tuples(st.sampled_from(sorted(WAYS)), st.integers(1, 5)),
    ),
    max_size=14,
)


def new_reader(loop: asyncio.AbstractEventLoop) -> StreamReader:
    protocol = BaseProtocol(loop)
    protocol.transport = object()  # type: ignore[assignment] # it counts as connected
    return StreamReader(protocol, 2**16, loop=loop)


def tapped_reader(loop: asyncio.AbstractEventLoop) -> tuple[StreamReader, Watcher]:
    watcher = Watcher()
    attempts = HttpAttempts(watcher)
    attempts.active = True
    attempt = attempts.begin("aiohttp", lambda: Request("POST", "http://x/", {}, b""))
    assert attempt is not None
    attempt.respond(200, [], decoded=True, from_network=True)
    reader = new_reader(loop)
    watch_reader(reader, attempt, Subclassing(TappedReader))
    return reader, watcher


async def play(reader: StreamReader, script: Reading) -> list[Any]:
    """Do as the script says, then feed the end and read the rest; return what was seen."""
    seen: list[Any] = []
    for way, value in script:
        if way == "feed":
            reader.feed_data(value)
            continue
        try:
            seen.append(await asyncio.wait_for(WAYS[way](reader, value), 0))
        except (TimeoutError, asyncio.IncompleteReadError, IndexError) as error:
            seen.append(type(error))
    reader.feed_eof()
    seen.append(await reader.read())
    return seen


@settings(deadline=None, max_examples=150)
@given(script=steps)
def test_reader_gives_what_it_would_give_untapped(script: Reading) -> None:
    """Every way of reading, in any order; what left the buffer was told, and the end."""

    async def compare() -> None:
        loop = asyncio.get_running_loop()
        tapped, watcher = tapped_reader(loop)

        assert await play(tapped, script) == await play(new_reader(loop), script)

        fed = b"".join(value for way, value in script if way == "feed")
        assert b"".join(watcher.only.chunks) == fed
        assert watcher.only.ending == "end"

    asyncio.run(compare())


async def test_reader_keeps_its_type() -> None:
    """It is a StreamReader to everybody who asks."""
    reader, _ = tapped_reader(asyncio.get_running_loop())

    assert isinstance(reader, StreamReader)
    assert type(reader).__name__ == "StreamReader"
    assert repr(reader) == "<StreamReader low=65536 high=131072>"


async def test_end_that_comes_before_the_data_is_read_is_told_when_it_is_read() -> None:
    """A body that is there in whole is at its end when its last byte leaves the buffer."""
    reader, watcher = tapped_reader(asyncio.get_running_loop())
    reader.feed_data(b"body")
    reader.feed_eof()
    assert watcher.only.ending is None

    await reader.read(2)
    assert watcher.only.ending is None
    await reader.read(2)

    assert watcher.only.ending == "end"


async def test_error_of_the_connection_ends_the_attempt() -> None:
    """What the protocol sets on the reader is what the application will see."""
    reader, watcher = tapped_reader(asyncio.get_running_loop())
    error = OSError("reset")

    reader.set_exception(error)

    assert watcher.only.ending is error
    assert reader.exception() is error


async def test_timeout_of_the_whole_request_is_noticed_when_nothing_waits() -> None:
    """The timer is asked before buffered data is handed out."""
    reader, watcher = tapped_reader(asyncio.get_running_loop())
    watch: Any = reader._timer

    class Expired:
        def assert_timeout(self) -> None:
            raise TimeoutError

    watch._timer = Expired()
    reader.feed_data(b"x")
    error = None
    try:
        await reader.read()
    except TimeoutError as caught:
        error = caught
    watch.given_up()

    assert error is not None
    assert watcher.only.ending is error
