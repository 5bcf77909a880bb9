"""Bodies that an application streams: they are kept whole, and matched."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

from understudy.cassettes import Cassette
from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from tests.provider import Provider

PIECES = [b"one ", b"two ", b"three"]
WHOLE = b"".join(PIECES)
FILE = {"file": ("notes.txt", WHOLE)}

both = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


def pieces() -> Iterator[bytes]:
    """Yield the body piece by piece."""
    yield from PIECES


async def awaited_pieces() -> AsyncIterator[bytes]:
    """Yield the body piece by piece, to those who await."""
    for piece in PIECES:
        yield piece


def _async(send: Callable[[str], Awaitable[None]]) -> Callable[[str], None]:
    def run(url: str) -> None:
        async def task() -> None:
            await send(url)

        asyncio.run(task())

    return run


def _async_httpx(library: Any) -> Callable[[str], None]:
    async def send(url: str) -> None:
        async with library.AsyncClient() as client:
            await client.post(url, content=awaited_pieces())

    return _async(send)


def _aiohttp(make: Callable[[], Any]) -> Callable[[str], None]:
    async def send(url: str) -> None:
        async with aiohttp.ClientSession() as session, session.post(url, data=make()) as response:
            await response.read()

    return _async(send)


def _aiohttp_form() -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(WHOLE), filename="notes.txt")
    return form


PLAIN: dict[str, Callable[[str], Any]] = {
    "httpx": lambda url: httpx.post(url, content=pieces()),
    "httpx2": lambda url: httpx2.post(url, content=pieces()),
    "httpx async": _async_httpx(httpx),
    "httpx2 async": _async_httpx(httpx2),
    "requests, generator": lambda url: requests.post(url, data=pieces(), timeout=9),
    "requests, file": lambda url: requests.post(url, data=io.BytesIO(WHOLE), timeout=9),
    "urllib3": lambda url: urllib3.request("POST", url, body=io.StringIO(WHOLE.decode())),
    "aiohttp, generator": _aiohttp(awaited_pieces),
    "aiohttp, file": _aiohttp(lambda: io.BytesIO(WHOLE)),
}
FORMS: dict[str, Callable[[str], Any]] = {
    "httpx": lambda url: httpx.post(url, files=FILE),
    "httpx2": lambda url: httpx2.post(url, files=FILE),
    "requests": lambda url: requests.post(url, files=FILE, timeout=9),
    "urllib3": lambda url: urllib3.request("POST", url, fields=FILE),
    "aiohttp": _aiohttp(_aiohttp_form),
}


def bodies(path: Path) -> list[bytes]:
    """Return the request bodies that a cassette holds."""
    with Cassette.open(path) as cassette:
        return [recorded.request.body for recorded in cassette.interactions]


@pytest.mark.parametrize("send", PLAIN.values(), ids=PLAIN)
def test_streamed_body_is_kept_whole(
    send: Callable[[str], Any], provider: Provider, tmp_path: Path
) -> None:
    """The provider gets the same, and a replay is matched by it."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        send(provider.url)
    assert provider.last.body == WHOLE

    with use_cassette(path, record_mode="none") as cassette:
        send(provider.url)

    assert bodies(path) == [WHOLE]
    assert cassette.all_played
    assert len(provider.received) == 1


@pytest.mark.parametrize("send", FORMS.values(), ids=FORMS)
def test_form_is_kept_whole(send: Callable[[str], Any], provider: Provider, tmp_path: Path) -> None:
    """Its boundary is another one each time, and matches nevertheless."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        send(provider.url)
    assert WHOLE in provider.last.body

    with use_cassette(path, record_mode="none") as cassette:
        send(provider.url)

    assert WHOLE in bodies(path)[0]
    assert cassette.all_played
