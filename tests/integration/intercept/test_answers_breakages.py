"""Connections that break, as each client's own exceptions."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3
from tests.support.answering import Canned, pieces, refused_before_head
from tests.support.readers import ASYNC_READERS, READERS
from tests.support.watcher import Watcher
from urllib3.exceptions import NewConnectionError, ProtocolError, ReadTimeoutError

from understudy.intercept import NotAnsweredError, Taps
from understudy.playback import Break, Breakage, Playback

if TYPE_CHECKING:
    from tests.support.readers import Reader

URL = "https://llm.test/v1/chat/completions"

REFUSED, RESET = Breakage.CONNECTION_REFUSED, Breakage.RESET
DROPPED, LATE = Breakage.PEER_DROP, Breakage.READ_TIMEOUT

BEFORE: dict[str, dict[Breakage, type[Exception]]] = {
    "httpx": {
        REFUSED: httpx.ConnectError,
        RESET: httpx.ReadError,
        DROPPED: httpx.RemoteProtocolError,
        LATE: httpx.ReadTimeout,
    },
    "httpx2": {
        REFUSED: httpx2.ConnectError,
        RESET: httpx2.ReadError,
        DROPPED: httpx2.RemoteProtocolError,
        LATE: httpx2.ReadTimeout,
    },
    "aiohttp": {
        REFUSED: aiohttp.ClientConnectorError,
        RESET: aiohttp.ClientOSError,
        DROPPED: aiohttp.ServerDisconnectedError,
        LATE: aiohttp.SocketTimeoutError,
    },
    "urllib3": {
        REFUSED: NewConnectionError,
        RESET: ProtocolError,
        DROPPED: ProtocolError,
        LATE: ReadTimeoutError,
    },
    "requests": {
        REFUSED: requests.ConnectionError,
        RESET: requests.ConnectionError,
        DROPPED: requests.ConnectionError,
        LATE: requests.ReadTimeout,
    },
}
WITHIN: dict[str, dict[Breakage, type[Exception]]] = {
    "httpx": BEFORE["httpx"],
    "httpx2": BEFORE["httpx2"],
    "aiohttp": {
        RESET: aiohttp.ClientPayloadError,
        DROPPED: aiohttp.ClientPayloadError,
        LATE: aiohttp.SocketTimeoutError,
    },
    "urllib3": {RESET: ProtocolError, DROPPED: ProtocolError, LATE: ReadTimeoutError},
    "requests": {
        RESET: requests.exceptions.ChunkedEncodingError,
        DROPPED: requests.exceptions.ChunkedEncodingError,
        LATE: requests.ConnectionError,
    },
}


def _client_of(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.id).rpartition("-")[2].split()[0]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("kind", [REFUSED, RESET, DROPPED, LATE])
def test_breakage_before_the_head(
    kind: Breakage, read: Reader, request: pytest.FixtureRequest
) -> None:
    """The client raises what it raises on the network, at once."""
    canned, watcher = Canned(refused_before_head(kind)), Watcher()

    began = time.perf_counter()
    with Taps(watcher, answerer=canned), pytest.raises(BEFORE[_client_of(request)][kind]):
        read(URL, "m", 9.0)

    assert time.perf_counter() - began < 9
    assert isinstance(watcher.only.ending, BaseException)
    assert [one.kind for one in canned.ended if one] == [kind]
    assert watcher.faults == []


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("kind", [RESET, DROPPED, LATE])
def test_breakage_within_the_body(
    kind: Breakage, read: Reader, request: pytest.FixtureRequest
) -> None:
    """What came before it was read, and then the client raises."""
    canned, watcher = Canned(pieces(b"one", b"two", broken=Break(kind=kind))), Watcher()

    with Taps(watcher, answerer=canned), pytest.raises(WITHIN[_client_of(request)][kind]):
        read(URL, "m", 9.0)

    assert watcher.only.body == b"onetwo"
    assert isinstance(watcher.only.ending, BaseException)


@pytest.mark.parametrize("read", READERS)
def test_silence_longer_than_the_client_waits(read: Reader, request: pytest.FixtureRequest) -> None:
    """A gap in an answer ends at the client's own read time-out."""
    canned = Canned(pieces(b"one", b"two", gap=9.0))
    client = _client_of(request)
    expected = TimeoutError if client == "aiohttp" else WITHIN[client][LATE]

    began = time.perf_counter()
    with Taps(Watcher(), answerer=canned), pytest.raises(expected):
        read(URL, "m", 0.1)

    assert 0.1 <= time.perf_counter() - began < 9


def test_body_shorter_than_its_length() -> None:
    """An answer that tells its length and ends early is incomplete."""
    short = Playback(
        status=200,
        headers=(("content-length", "9"),),
        chunks=((0.0, b"short"),),
    )

    async def fetch() -> bytes:
        async with aiohttp.ClientSession() as session, session.get(URL) as response:
            return await response.read()

    with Taps(Watcher(), answerer=Canned(short)):
        with pytest.raises(ProtocolError, match="IncompleteRead"):
            urllib3.PoolManager(retries=False).request("GET", URL)
        with pytest.raises(aiohttp.ClientPayloadError):
            asyncio.run(fetch())


class _Failing:
    def answer(self, request: Any, observation: Any) -> Any:
        msg = "what a callable of the test raised"
        raise ValueError(msg)


@pytest.mark.parametrize("read", READERS)
def test_answerer_that_fails_lets_nothing_out(read: Reader) -> None:
    """The request is not sent, and no SDK takes the failure for the network's."""
    watcher = Watcher()

    with Taps(watcher, answerer=_Failing()), pytest.raises(NotAnsweredError, match="callable"):
        read(URL, "m", 9.0)

    assert isinstance(watcher.only.ending, NotAnsweredError)


@pytest.mark.parametrize("read", ASYNC_READERS)
async def test_playback_that_fails_ends_the_answer(read: Any) -> None:
    """What goes wrong while the pieces are made is raised, not waited for."""

    def chunks() -> Any:
        yield (0.0, b"one")
        msg = "no more delays"
        raise ArithmeticError(msg)

    with (
        Taps(Watcher(), answerer=Canned(Playback(status=200, chunks=chunks()))),
        pytest.raises((ArithmeticError, aiohttp.ClientPayloadError)),
    ):
        await asyncio.wait_for(read(URL, "m", 9.0), 5)
