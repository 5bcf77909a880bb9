"""Bodies of answers: their pieces, their moments, and readers that stop."""

from __future__ import annotations

import asyncio
import gzip
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx2
import pytest
import requests
import urllib3
from tests.support.answering import Canned, pieces
from tests.support.readers import ASYNC_READERS, READERS
from tests.support.watcher import Watcher

from understudy.intercept import Taps
from understudy.playback import Playback

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.support.readers import AsyncReader, Reader

    from understudy.calls import Request

URL = "https://llm.test/v1/chat/completions"
WORDS = (b"one ", b"two ", b"three ", b"four")


@pytest.mark.parametrize("read", READERS)
def test_pieces_stay_apart(read: Reader) -> None:
    """A reader gets each piece by itself, and then the end."""
    canned, watcher = Canned(pieces(*WORDS)), Watcher()

    with Taps(watcher, answerer=canned):
        got = read(URL, "m", 5.0)

    assert tuple(got) == WORDS
    assert watcher.only.body == b"".join(WORDS)
    assert watcher.only.ending == "end"
    assert canned.ended == [None]
    assert watcher.faults == []


@pytest.mark.parametrize("read", READERS)
def test_pieces_come_at_their_moments(read: Reader) -> None:
    """The last of four pieces that are 30 ms apart comes after 90 ms."""
    canned = Canned(pieces(*WORDS, gap=0.03))

    began = time.perf_counter()
    with Taps(Watcher(), answerer=canned):
        got = read(URL, "m", 5.0)

    assert tuple(got) == WORDS
    assert time.perf_counter() - began >= 0.09


@pytest.mark.parametrize("read", READERS)
def test_reader_that_stops_gives_the_answer_up(read: Reader) -> None:
    """Nothing plays on when the response is closed after its second piece."""
    canned, watcher = Canned(pieces(*WORDS, gap=0.02)), Watcher()

    with Taps(watcher, answerer=canned):
        got = read(URL, "m", 5.0, at_most=2)

    assert tuple(got) == WORDS[:2]
    assert canned.ended == [None]
    assert watcher.only.ending == "close"


@pytest.mark.parametrize("read", ASYNC_READERS)
async def test_cancelled_reader_gives_the_answer_up(read: AsyncReader) -> None:
    """A task that is cancelled in the middle of a stream leaves nothing behind."""
    canned, watcher = Canned(pieces(*WORDS, gap=60.0)), Watcher()

    with Taps(watcher, answerer=canned):
        task = asyncio.create_task(_read_all(read))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    await asyncio.sleep(0.01)
    assert canned.ended == [None]
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("read", ASYNC_READERS)
async def test_cancelled_before_the_head_gives_the_answer_up(read: AsyncReader) -> None:
    """So does one that is cancelled while it waits for the answer."""
    canned = Canned(Playback(status=200, head_at=60.0))

    with Taps(Watcher(), answerer=canned):
        task = asyncio.create_task(_read_all(read))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    await asyncio.sleep(0.01)
    assert canned.ended == [None]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def _read_all(read: AsyncReader) -> list[bytes]:
    return await read(URL, "m", 120.0)


@pytest.mark.parametrize("read", READERS)
def test_read_timeout_of_the_client_is_told_to_the_player(read: Reader) -> None:
    """Whoever plays an answer knows how long the client waits."""
    canned = Canned(pieces(*WORDS))

    with Taps(Watcher(), answerer=canned):
        read(URL, "m", 7.5)

    assert canned.read_timeouts == [7.5]


ZIPPED = Playback(
    status=200,
    headers=(("content-type", "application/json"), ("content-encoding", "gzip")),
    chunks=((0.0, gzip.compress(b'{"a": 1}')),),
)


def test_compressed_answer_is_decompressed_by_the_client() -> None:
    """What a cassette holds compressed comes compressed."""
    with Taps(Watcher(), answerer=Canned(ZIPPED)):
        assert httpx2.get(URL).json() == {"a": 1}
        assert requests.get(URL, timeout=5).json() == {"a": 1}
        assert urllib3.request("GET", URL).json() == {"a": 1}


def test_redirect_of_an_answer_is_followed() -> None:
    """The next request is a request of its own, and answered as such."""
    elsewhere = Playback(status=307, headers=(("location", "https://llm.test/v2"),))
    answers = [Canned(elsewhere), Canned(pieces(b"there"))]

    class InTurn:
        def answer(self, request: Any, observation: Any) -> Canned:
            return answers.pop(0)

    with Taps(Watcher(), answerer=InTurn()):
        assert requests.get(URL, timeout=5).text == "there"


def test_urllib3_retries_the_statuses_that_it_is_told_to() -> None:
    """Its own retry loop sees the status of an answer."""
    busy = Playback(status=503, headers=(("retry-after", "0"),))
    answers = [Canned(busy), Canned(busy), Canned(pieces(b"at last"))]

    class InTurn:
        def answer(self, request: Any, observation: Any) -> Canned:
            return answers.pop(0)

    pool = urllib3.PoolManager(retries=urllib3.Retry(3, status_forcelist=[503]))
    with Taps(Watcher(), answerer=InTurn()):
        assert pool.request("GET", URL).data == b"at last"


def test_length_that_is_told_is_kept() -> None:
    """An answer with a `content-length` is not sent in chunks."""
    told = Playback(
        status=200,
        headers=(("Content-Length", "5"), ("transfer-encoding", "chunked")),
        chunks=((0.0, b"hello"),),
    )

    with Taps(Watcher(), answerer=Canned(told)):
        response = requests.get(URL, timeout=5)

    assert (response.text, dict(response.headers)) == ("hello", {"Content-Length": "5"})


def test_answer_without_a_body_has_none() -> None:
    """A 204 and the answer to a HEAD end with their headers."""
    with Taps(Watcher(), answerer=Canned(Playback(status=204))):
        assert requests.delete(URL, timeout=5).status_code == 204
    with Taps(Watcher(), answerer=Canned(Playback(status=200))):
        assert requests.head(URL, timeout=5).text == ""


def test_status_that_nobody_knows_is_passed_on() -> None:
    """The 529 of anthropic has no reason phrase."""
    with Taps(Watcher(), answerer=Canned(Playback(status=529))):
        assert requests.get(URL, timeout=5).status_code == 529


async def test_aiohttp_response_is_aiohttps_own() -> None:
    """It has cookies, raises for its status, checks the content type, and is released."""
    refused = Playback(
        status=404,
        headers=(("content-type", "text/plain"), ("set-cookie", "a=b"), ("x-request-id", "r")),
        chunks=((0.0, b"no"),),
    )

    with Taps(Watcher(), answerer=Canned(refused)):
        async with aiohttp.ClientSession() as session, session.post(URL, json={}) as response:
            assert (response.status, response.reason) == (404, "Not Found")
            assert response.cookies["a"].value == "b"
            assert response.url.host == "llm.test"
            assert response.headers["X-Request-Id"] == "r"
            with pytest.raises(aiohttp.ContentTypeError):
                await response.json()
            with pytest.raises(aiohttp.ClientResponseError):
                response.raise_for_status()
            assert await response.text() == "no"
            assert [one.key for one in session.cookie_jar] == ["a"]


async def test_slow_reader_of_aiohttp_loses_nothing() -> None:
    """More than its buffer takes waits until it is read."""
    big = [b"x" * 100_000] * 20
    canned = Canned(pieces(*big))

    with Taps(Watcher(), answerer=canned):
        async with aiohttp.ClientSession() as session, session.get(URL) as response:
            await asyncio.sleep(0.05)
            assert not canned.ended
            assert await response.read() == b"".join(big)


async def test_answer_of_aiohttp_can_be_abandoned() -> None:
    """A session that closes with a response open leaves no task."""
    with Taps(Watcher(), answerer=Canned(pieces(*WORDS, gap=60.0))):
        async with aiohttp.ClientSession() as session:
            response = await session.get(URL)
            response.close()

    await asyncio.sleep(0.01)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_httpx_response_is_httpxs_own() -> None:
    """It knows its request and the time it took, and its cookies reach the client."""
    answer = Playback(status=200, headers=(("set-cookie", "a=b"),))
    client = httpx2.Client(default_encoding="latin-1")

    with Taps(Watcher(), answerer=Canned(answer)):
        response = client.post(URL, content=b"hi")

    assert response.request.content == b"hi"
    assert response.elapsed.total_seconds() >= 0
    assert response.http_version == "HTTP/1.1"
    assert response.reason_phrase == "OK"
    assert response.default_encoding == "latin-1"
    assert client.cookies["a"] == "b"


@pytest.mark.parametrize("is_answered", [True, False])
def test_tunnel_of_a_proxy_is_opened_for_what_goes_out_only(
    is_answered: bool,  # noqa: FBT001
) -> None:
    """A mocked call asks no proxy; one that nobody answers does."""

    class Maybe:
        def answer(self, request: Any, observation: Any) -> Canned | None:
            return Canned(pieces(b"mocked")) if is_answered else None

    proxies = {"https": "http://127.0.0.1:9"}  # nobody listens there
    with Taps(Watcher(), answerer=Maybe()):
        if is_answered:
            assert requests.get(URL, proxies=proxies, timeout=5).text == "mocked"
        else:
            with pytest.raises(requests.exceptions.ProxyError):
                requests.get(URL, proxies=proxies, timeout=5)
    with Taps(Watcher()), pytest.raises(requests.exceptions.ProxyError):
        requests.get(URL, proxies=proxies, timeout=5)


async def test_redirect_of_aiohttp_is_asked_about(provider: Provider) -> None:
    """Where nobody answers it, it is reached as ever."""
    elsewhere = Playback(status=303, headers=(("location", f"{provider.url}/v1/models"),))
    asked: list[Request] = []

    class First:
        def answer(self, request: Request, observation: Any) -> Canned | None:
            asked.append(request)
            return Canned(elsewhere) if len(asked) == 1 else None

    with Taps(Watcher(), answerer=First()):
        async with aiohttp.ClientSession() as session, session.post(URL, json={}) as response:
            assert response.host == "127.0.0.1"
            assert len(response.history) == 1

    assert [(one.method, one.url) for one in asked] == [
        ("POST", URL),
        ("GET", f"{provider.url}/v1/models"),
    ]


async def test_redirect_of_aiohttp_is_answered() -> None:
    """By the next answer."""
    elsewhere = Playback(status=307, headers=(("location", "https://llm.test/v2"),))
    answers = [Canned(elsewhere), Canned(pieces(b"there"))]

    class InTurn:
        def answer(self, request: Request, observation: Any) -> Canned:
            assert request.body == b"question"
            return answers.pop(0)

    with Taps(Watcher(), answerer=InTurn()):
        async with aiohttp.ClientSession() as session:
            response = await session.post(URL, data=b"question")
            assert await response.text() == "there"
