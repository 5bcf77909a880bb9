"""Bare clients that read a stream piece by piece, and may stop or time out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import requests
import urllib3

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

Reader = Callable[..., list[bytes]]
AsyncReader = Callable[..., Awaitable[list[bytes]]]


def asked(model: str) -> dict[str, Any]:
    """Return the body of a streaming chat request."""
    return {"model": model, "messages": [], "stream": True}


def _httpx(library: str) -> Callable[[str, str, float], AbstractContextManager[Iterator[bytes]]]:
    @contextmanager
    def opened(url: str, model: str, timeout: float) -> Iterator[Iterator[bytes]]:
        module: Any = __import__(library)
        with (
            module.Client(timeout=timeout) as client,
            client.stream("POST", url, json=asked(model)) as response,
        ):
            yield response.iter_raw()

    return opened


@contextmanager
def _requests(url: str, model: str, timeout: float) -> Iterator[Iterator[bytes]]:
    with requests.post(url, json=asked(model), stream=True, timeout=timeout) as response:
        yield response.iter_content(None)


@contextmanager
def _urllib3(url: str, model: str, timeout: float) -> Iterator[Iterator[bytes]]:
    with urllib3.PoolManager(retries=False, timeout=timeout) as pool:
        response = pool.request("POST", url, json=asked(model), preload_content=False)
        try:
            yield response.stream()
        finally:
            response.close()


def _async_httpx(
    library: str,
) -> Callable[[str, str, float], AbstractAsyncContextManager[AsyncIterator[bytes]]]:
    @asynccontextmanager
    async def opened(url: str, model: str, timeout: float) -> AsyncIterator[AsyncIterator[bytes]]:
        module: Any = __import__(library)
        async with (
            module.AsyncClient(timeout=timeout) as client,
            client.stream("POST", url, json=asked(model)) as response,
        ):
            yield response.aiter_raw()

    return opened


def _aiohttp(
    limit: str,
) -> Callable[[str, str, float], AbstractAsyncContextManager[AsyncIterator[bytes]]]:
    @asynccontextmanager
    async def opened(url: str, model: str, timeout: float) -> AsyncIterator[AsyncIterator[bytes]]:
        limits = aiohttp.ClientTimeout(**{limit: timeout})
        async with (
            aiohttp.ClientSession(timeout=limits) as session,
            session.post(url, json=asked(model)) as response,
        ):
            yield response.content.iter_any()

    return opened


def _reader(
    opened: Callable[[str, str, float], AbstractContextManager[Iterator[bytes]]],
) -> Reader:
    def read(url: str, model: str, timeout: float, *, at_most: int | None = None) -> list[bytes]:
        with opened(url, model, timeout) as chunks:
            return list(chunks) if at_most is None else [next(chunks) for _ in range(at_most)]

    return read


def _async_reader(
    opened: Callable[[str, str, float], AbstractAsyncContextManager[AsyncIterator[bytes]]],
) -> AsyncReader:
    async def read(
        url: str, model: str, timeout: float, *, at_most: int | None = None
    ) -> list[bytes]:
        async with opened(url, model, timeout) as chunks:
            if at_most is None:
                return [chunk async for chunk in chunks]
            return [await anext(chunks) for _ in range(at_most)]

    return read


def _run(read: AsyncReader) -> Reader:
    def run(*args: Any, **options: Any) -> list[bytes]:
        async def task() -> list[bytes]:
            return await read(*args, **options)

        return asyncio.run(task())

    return run


def _params(readers: dict[str, Any]) -> list[Any]:
    return [
        pytest.param(
            reader,
            id=name,
            marks=pytest.mark.skipif(find_spec(name.split()[0]) is None, reason="not installed"),
        )
        for name, reader in readers.items()
    ]


_ASYNC = {
    "httpx async": _async_reader(_async_httpx("httpx")),
    "httpx2 async": _async_reader(_async_httpx("httpx2")),
    "aiohttp": _async_reader(_aiohttp("sock_read")),
    "aiohttp with a total timeout": _async_reader(_aiohttp("total")),
}

ASYNC_READERS = _params(_ASYNC)
READERS = _params(
    {
        "httpx": _reader(_httpx("httpx")),
        "httpx2": _reader(_httpx("httpx2")),
        "requests": _reader(_requests),
        "urllib3": _reader(_urllib3),
        **{name: _run(read) for name, read in _ASYNC.items()},
    }
)
