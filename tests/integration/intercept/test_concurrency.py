"""Many calls at once: exactly as many attempts, each with its own answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
import requests
from tests.support.clients import OPENAI

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.provider import Provider
    from tests.support.watcher import Watcher

THREADS = 50
CALLS = 10
TASKS = 200


def _httpx(url: str) -> tuple[Any, Callable[[int], None]]:
    client = import_module(OPENAI).Client(timeout=60)

    def call(number: int) -> None:
        asked = {"model": f"m.n-{number}", "messages": []}
        assert client.post(f"{url}/v1/chat/completions", json=asked).json()["choices"]

    return client, call


def _requests(url: str) -> tuple[Any, Callable[[int], None]]:
    session = requests.Session()

    def call(number: int) -> None:
        asked = {"model": f"m.n-{number}", "stream": True}
        answer = session.post(f"{url}/v1/chat/completions", json=asked, timeout=60)
        assert answer.text.count("data:") == 7

    return session, call


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("make", [_httpx, _requests])
def test_threads_are_counted_exactly(
    make: Callable[[str], Any], provider: Provider, watcher: Watcher
) -> None:
    """50 threads with 10 calls each are 500 attempts, none mixed with another."""
    client, call = make(provider.url)
    with client, ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(call, range(THREADS * CALLS)))

    check(watcher, THREADS * CALLS)


async def test_gathered_calls_are_counted_exactly(provider: Provider, watcher: Watcher) -> None:
    """200 gathered calls are 200 attempts, none mixed with another."""
    url = f"{provider.url}/v1/chat/completions"
    async with import_module(OPENAI).AsyncClient(timeout=60) as client:

        async def call(number: int) -> None:
            asked = {"model": f"m.n-{number}", "messages": [], "stream": True}
            assert (await client.post(url, json=asked)).text.count("data:") == 7

        await asyncio.gather(*map(call, range(TASKS)))

    check(watcher, TASKS)


async def test_gathered_aiohttp_calls_are_counted_exactly(
    provider: Provider, watcher: Watcher
) -> None:
    """The same through aiohttp."""
    aiohttp = pytest.importorskip("aiohttp")
    async with aiohttp.ClientSession() as session:

        async def call(number: int) -> None:
            asked = {"model": f"m.n-{number}", "stream": True}
            async with session.post(f"{provider.url}/v1/responses", json=asked) as response:
                assert (await response.text()).count("data:") == 6

        await asyncio.gather(*map(call, range(TASKS)))

    check(watcher, TASKS)


def check(watcher: Watcher, count: int) -> None:
    """Assert that each of `count` attempts was told once, with its own answer."""
    bodies = {watched.request.body for watched in watcher.watched}
    assert len(watcher.watched) == len(bodies) == count
    assert {watched.ending for watched in watcher.watched} <= {"end", "close"}
    for watched in watcher.watched:
        number = watched.request.body.split(b"m.n-")[1].split(b'"')[0]
        assert b"m.n-" + number + b'"' in watched.body
