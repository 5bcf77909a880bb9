"""Bodies that are not at hand when a request begins: they are sent as they are, and seen."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zlib
from typing import TYPE_CHECKING, Any

import aiohttp
import brotli
import httpx
import httpx2
import pytest
import requests
import urllib3
import zstandard
from tests.support.instruments import Instruments
from tests.support.wayward import ASKED, Wayward, by_aiohttp

from understudy.intercept import Taps

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

BODY = json.dumps(ASKED).encode()
#: An API is told by the body at a host that nobody knows, as any gateway on this machine is.
CALL = "/v1/messages"


def pieces() -> Iterator[bytes]:
    """Yield the body in two pieces, the names in it cut."""
    yield BODY[:5]
    yield BODY[5:]


async def awaited_pieces() -> AsyncIterator[bytes]:
    """Yield the same to those who await."""
    for piece in pieces():
        yield piece


class Again:
    """The pieces as often as anybody wants them."""

    def __iter__(self) -> Iterator[bytes]:
        return pieces()


def by_async_httpx(library: Any) -> Callable[[str, Any], None]:
    """Return what posts an asynchronous generator."""

    def post(url: str, _: Any) -> None:
        async def send() -> None:
            async with library.AsyncClient() as client:
                await client.post(url, content=awaited_pieces())

        asyncio.run(send())

    return post


STREAMED: dict[str, Callable[[str, Any], Any]] = {
    "httpx, generator": lambda url, _: httpx.post(url, content=pieces()),
    "httpx, file": lambda url, file: httpx.post(url, content=file),
    "httpx async": by_async_httpx(httpx),
    "httpx2, iterable": lambda url, _: httpx2.post(url, content=Again()),
    "httpx2, iterator": lambda url, _: httpx2.post(url, content=iter([BODY])),
    "httpx2 async": by_async_httpx(httpx2),
    "requests, generator": lambda url, _: requests.post(url, data=pieces(), timeout=9),
    "requests, file": lambda url, file: requests.post(url, data=file, timeout=9),
    "urllib3, iterable": lambda url, _: urllib3.request("POST", url, body=Again()),
    "urllib3, text": lambda url, _: urllib3.request("POST", url, body=io.StringIO(BODY.decode())),
    "aiohttp, generator": lambda url, _: by_aiohttp(url, data=awaited_pieces()),
    "aiohttp, file": lambda url, file: by_aiohttp(url, data=file),
}
CLIENTS: dict[str, Callable[..., Any]] = {
    "httpx": lambda url, body, headers: httpx.post(url, content=body, headers=headers),
    "httpx2": lambda url, body, headers: httpx2.post(url, content=body, headers=headers),
    "requests": lambda url, body, headers: requests.post(
        url, data=body, headers=headers, timeout=9
    ),
    "urllib3": lambda url, body, headers: urllib3.request("POST", url, body=body, headers=headers),
    "aiohttp": lambda url, body, headers: by_aiohttp(url, data=body, headers=headers),
}
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Wayward]:
    """A provider that keeps what it gets."""
    with Wayward() as server:
        yield server


@pytest.fixture
def calls(server: Wayward) -> Iterator[Instruments]:
    """Events of what the test calls."""
    server.received.clear()
    instruments = Instruments()
    with Taps(instruments.recorder):
        yield instruments


def read(event: dict[str, Any]) -> tuple[Any, ...]:
    """Return what an event has of the question and of the answer."""
    return event["wire_api"], event["request_model"], event["input_tokens"]


@pytest.mark.parametrize("post", STREAMED.values(), ids=STREAMED)
def test_a_streamed_body_is_read_while_it_is_sent(
    post: Callable[[str, Any], Any], server: Wayward, calls: Instruments, tmp_path: Path
) -> None:
    """The server gets the same, and the event has the question."""
    file = tmp_path / "body.json"
    file.write_bytes(BODY)

    with file.open("rb") as opened:
        post(server.url + CALL, opened)

    assert [body for _, _, body in server.received] == [BODY]
    assert read(calls.only) == ("anthropic.messages", "asked", 25)


@pytest.mark.parametrize("post", CLIENTS.values(), ids=CLIENTS)
def test_a_compressed_body_is_read_decompressed(
    post: Callable[..., Any], server: Wayward, calls: Instruments
) -> None:
    """And sent as it is."""
    sent = {name: encode(BODY) for name, encode in ENCODINGS.items()}

    for encoding, body in sent.items():
        post(server.url + CALL, body, {"content-encoding": encoding})

    assert [body for _, _, body in server.received] == list(sent.values())
    assert list(map(read, calls.events)) == [("anthropic.messages", "asked", 25)] * len(sent)


def test_the_model_of_a_known_address_is_read_from_a_streamed_body(
    server: Wayward, calls: Instruments
) -> None:
    """The address alone tells a chat, but not what it asks."""
    httpx2.post(f"{server.url}/v1/chat/completions", content=pieces())

    assert read(calls.only) == ("openai.chat", "asked", 25)


def test_a_streamed_body_that_asks_no_model_is_no_call(server: Wayward, calls: Instruments) -> None:
    """Whatever its address looks like; nor is a request without a body."""
    url, said = f"{server.url}/messages", b'{"text": "hello"}'
    httpx.post(url, content=iter([said]))
    httpx2.post(url)
    requests.post(url, data=iter([said]), timeout=9)
    by_aiohttp(url, data=io.BytesIO(said))

    assert calls.events == []
    assert len(server.received) == 4


def test_a_file_is_sent_from_where_it_stands(server: Wayward, calls: Instruments) -> None:
    """As much as is left of it, and it is left at its end."""
    files = [io.BytesIO(b"###" + BODY), io.BytesIO(b"###" + BODY)]
    for file in files:
        file.seek(3)

    urllib3.request("POST", server.url + CALL, body=files[0])
    by_aiohttp(server.url + CALL, data=files[1])

    assert [body for _, _, body in server.received] == [BODY, BODY]
    assert [read(event)[1] for event in calls.events] == ["asked", "asked"]


async def test_aiohttp_compresses_what_is_seen_plain(server: Wayward, calls: Instruments) -> None:
    """Its own compression comes after us."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(server.url + CALL, json=ASKED, compress="gzip") as response,
    ):
        await response.read()

    assert read(calls.only) == ("anthropic.messages", "asked", 25)
    assert gzip.decompress(server.received[0][2]) == BODY
