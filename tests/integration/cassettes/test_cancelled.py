"""Calls that the application gives up before they are answered: green once, green again."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import TYPE_CHECKING, Any

import aiohttp
import anyio
import httpx
import openai
import pytest
import requests
import trio
from tests.support.clients import MESSAGES
from tests.support.shelf import chat, responses

from understudy.cassettes import player as players
from understudy.cassettes.player import CassetteMiss
from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.provider import Provider

#: Nothing of an answer comes before the application has gone on.
SILENT = "m.head-700"
SOON = 0.15


async def sdk(url: str, model: str = SILENT) -> str:
    base = url.removesuffix("/chat/completions")
    async with openai.AsyncOpenAI(base_url=base, api_key="x", max_retries=0) as client:
        answer = await client.chat.completions.create(model=model, messages=MESSAGES)
        return str(answer.choices[0].message.content)


async def first_completed(url: str) -> None:
    """A race: the slower one is cancelled."""
    slow, fast = (asyncio.create_task(sdk(url, model)) for model in (SILENT, "m"))
    done, _ = await asyncio.wait([slow, fast], return_when=asyncio.FIRST_COMPLETED)
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    assert done == {fast}


async def move_on_after(url: str) -> None:
    with anyio.move_on_after(SOON) as scope:
        await sdk(url)
    assert scope.cancelled_caught


async def failing_group(url: str) -> None:
    """A guard beside the call stops both."""

    async def guard() -> None:
        await asyncio.sleep(SOON)
        msg = "stop"
        raise ValueError(msg)

    async def both() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(sdk(url))
            group.create_task(guard())

    with pytest.raises(ExceptionGroup):
        await both()


async def second_call(url: str) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sdk(url), SOON)
    assert await sdk(url, "m")


async def over_aiohttp(url: str) -> None:
    async with aiohttp.ClientSession() as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SOON):
                await client.post(url, json={"model": SILENT, "messages": MESSAGES})


async def left_pending(url: str) -> None:
    """The end of the loop cancels it."""
    task = asyncio.create_task(sdk(url))
    await asyncio.sleep(SOON)
    assert not task.done()


async def job(url: str) -> None:
    """Its thread is left behind."""
    pool = ThreadPoolExecutor(1)
    posting = asyncio.get_running_loop().run_in_executor(pool, post, url)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(posting, SOON)
    pool.shutdown(wait=False)


def in_trio(url: str) -> None:
    async def main() -> None:
        async with httpx.AsyncClient() as client:
            with trio.move_on_after(SOON) as scope:
                await client.post(url, json={"model": SILENT, "messages": MESSAGES})
        assert scope.cancelled_caught

    trio.run(main)


def post(url: str) -> None:
    requests.post(url, json={"model": SILENT, "messages": MESSAGES}, timeout=5)


def future(url: str) -> None:
    """The thread is left behind."""
    pool = ThreadPoolExecutor(1)
    with pytest.raises(TimeoutError):
        pool.submit(post, url).result(timeout=SOON)
    pool.shutdown(wait=False)


def thread(url: str) -> None:
    """It is left behind, too."""
    posting = Thread(target=post, args=(url,))
    posting.start()
    posting.join(SOON)
    assert posting.is_alive()


def run(way: Callable[[str], Awaitable[None]]) -> Callable[[str], None]:
    return lambda url: asyncio.run(way(url))  # type: ignore[arg-type]


WAYS: dict[str, Callable[[str], None]] = {
    each.__name__: run(each)
    for each in (
        *(first_completed, move_on_after, failing_group, second_call),
        *(over_aiohttp, left_pending, job),
    )
} | {each.__name__: each for each in (in_trio, future, thread)}


@pytest.mark.parametrize("way", WAYS)
def test_a_call_that_was_given_up_is_given_up_again(
    way: str, provider: Provider, tmp_path: Path
) -> None:
    """In each way that there is, with all that the application checks beside it."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        WAYS[way](chat(provider))
    asked = len(provider.received)

    with use_cassette(path, record_mode="none") as cassette:
        WAYS[way](chat(provider))

    assert cassette.all_played
    assert len(provider.received) == asked
    kinds = [each.error.kind for each in responses(path) if each.error is not None]
    assert kinds == ["cancelled"]


@pytest.mark.parametrize("awaits", [True, False])
def test_a_call_that_is_awaited_though_it_was_given_up_says_so(
    monkeypatch: pytest.MonkeyPatch, provider: Provider, tmp_path: Path, *, awaits: bool
) -> None:
    """Not at once, as the application may be about to; through any SDK, also where it swallows."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        asyncio.run(over_aiohttp(chat(provider)))
    monkeypatch.setattr(players._player, "_PATIENCE_SECONDS", 0.2)

    def call(url: str) -> Any:
        if not awaits:
            return post(url)
        return asyncio.run(aiohttp_answer(url))

    with (
        pytest.raises(CassetteMiss, match=r"is awaited, but the application gave it up after"),
        use_cassette(path, record_mode="none"),
    ):
        call(chat(provider))


async def aiohttp_answer(url: str) -> int:
    async with aiohttp.ClientSession() as client:
        answer = await client.post(url, json={"model": SILENT, "messages": MESSAGES})
        return answer.status
