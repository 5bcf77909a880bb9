"""Many calls at once: none lost, none mixed up, none live."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Any

import aiohttp
import anthropic
import boto3
import botocore.config
import httpx
import httpx2
import openai
import pytest
import requests
import urllib3

from understudy.cassettes import Cassette
from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.provider import Provider

    #: Sends a prompt, returns the text that came back.
    Ask = Callable[[str], str]
    AsyncAsk = Callable[[str], Awaitable[str]]

THREADS = 50
GATHERED = 200
#: Of an SDK the fiftieth thread shows what there is to see: what is locked is ours.
CALLS = {"httpx2": 10, "urllib3": 10}


def asked(prompt: str) -> dict[str, Any]:
    """Return a body whose answer names the prompt: the provider repeats the model's name."""
    return {"model": f"m.chunks-1.{prompt}", "messages": [{"role": "user", "content": prompt}]}


def said(answer: dict[str, Any]) -> str:
    """Return the prompt that an answer names."""
    return str(answer["model"]).rpartition(".")[2]


def _httpx(library: Any, stack: ExitStack, url: str) -> Ask:
    # Keeping fewer lets httpcore close a connection in use (encode/httpcore#1110).
    limits = library.Limits(max_keepalive_connections=THREADS)
    client = stack.enter_context(library.Client(limits=limits, timeout=60))
    return lambda prompt: said(client.post(f"{url}/v1/chat/completions", json=asked(prompt)).json())


def _requests(stack: ExitStack, url: str) -> Ask:
    session = stack.enter_context(requests.Session())
    adapter = requests.adapters.HTTPAdapter(pool_maxsize=THREADS)
    session.mount("http://", adapter)
    return lambda prompt: said(
        session.post(f"{url}/v1/chat/completions", json=asked(prompt), timeout=60).json()
    )


def _requests_alone(stack: ExitStack, url: str) -> Ask:
    del stack
    return lambda prompt: said(
        requests.post(f"{url}/v1/chat/completions", json=asked(prompt), timeout=60).json()
    )


def _urllib3(stack: ExitStack, url: str) -> Ask:
    pool = stack.enter_context(urllib3.PoolManager(maxsize=THREADS))
    return lambda prompt: said(
        pool.request("POST", f"{url}/v1/chat/completions", json=asked(prompt)).json()
    )


def _openai(stack: ExitStack, url: str) -> Ask:
    client = stack.enter_context(openai.OpenAI(base_url=f"{url}/v1", api_key="x", timeout=60))

    def ask(prompt: str) -> str:
        stream = client.chat.completions.create(**asked(prompt), stream=True)
        return said({"model": [chunk.model for chunk in stream][-1]})

    return ask


def _anthropic(stack: ExitStack, url: str) -> Ask:
    client = stack.enter_context(anthropic.Anthropic(base_url=url, api_key="x", timeout=60))

    def ask(prompt: str) -> str:
        message = client.messages.create(**asked(prompt), max_tokens=9)
        return said({"model": message.model})

    return ask


def _botocore(stack: ExitStack, url: str) -> Ask:
    del stack
    client = boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=botocore.config.Config(max_pool_connections=THREADS),
    )

    def ask(prompt: str) -> str:
        words = 1 + int(prompt[1:]) % 5
        answer = client.converse(
            modelId=f"m.chunks-{words}.{prompt}",
            messages=[{"role": "user", "content": [{"text": prompt}]}],
        )
        text = answer["output"]["message"]["content"][0]["text"]
        return prompt if len(text.split()) == words else text

    return ask


SYNC: dict[str, Callable[[ExitStack, str], Ask]] = {
    "httpx": lambda stack, url: _httpx(httpx, stack, url),
    "httpx2": lambda stack, url: _httpx(httpx2, stack, url),
    "requests": _requests,
    "requests, no session": _requests_alone,
    "urllib3": _urllib3,
    "botocore": _botocore,
    "openai": _openai,
    "anthropic": _anthropic,
}


@pytest.mark.parametrize("name", SYNC)
def test_threads_lose_nothing(name: str, provider: Provider, tmp_path: Path) -> None:
    """50 threads, up to 10 calls each, and each gets its own answer."""
    path = tmp_path / "c.yaml"
    prompts = [f"p{number}" for number in range(THREADS * CALLS.get(name, 1))]
    with ExitStack() as stack:
        ask = SYNC[name](stack, provider.url)
        for mode in ("once", "none"):
            with (
                use_cassette(path, record_mode=mode) as cassette,
                ThreadPoolExecutor(THREADS) as pool,
            ):
                assert list(pool.map(ask, prompts)) == prompts

    assert len(provider.received) == len(prompts)
    assert (cassette.play_count, cassette.all_played) == (len(prompts), True)


def _async_httpx(library: Any, stack: AsyncExitStack, url: str) -> AsyncAsk:
    client = library.AsyncClient(limits=library.Limits(max_connections=GATHERED), timeout=60)
    stack.push_async_callback(client.aclose)

    async def ask(prompt: str) -> str:
        response = await client.post(f"{url}/v1/chat/completions", json=asked(prompt))
        return said(response.json())

    return ask


def _aiohttp(stack: AsyncExitStack, url: str) -> AsyncAsk:
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=GATHERED))
    stack.push_async_callback(session.close)

    async def ask(prompt: str) -> str:
        async with session.post(f"{url}/v1/chat/completions", json=asked(prompt)) as response:
            return said(await response.json())

    return ask


def _async_openai(stack: AsyncExitStack, url: str) -> AsyncAsk:
    client = openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="x", timeout=60)
    stack.push_async_callback(client.close)

    async def ask(prompt: str) -> str:
        stream = await client.chat.completions.create(**asked(prompt), stream=True)
        return said({"model": [chunk.model async for chunk in stream][-1]})

    return ask


def _async_anthropic(stack: AsyncExitStack, url: str) -> AsyncAsk:
    client = anthropic.AsyncAnthropic(base_url=url, api_key="x", timeout=60)
    stack.push_async_callback(client.close)

    async def ask(prompt: str) -> str:
        message = await client.messages.create(**asked(prompt), max_tokens=9)
        return said({"model": message.model})

    return ask


ASYNC: dict[str, Callable[[AsyncExitStack, str], AsyncAsk]] = {
    "httpx": lambda stack, url: _async_httpx(httpx, stack, url),
    "httpx2": lambda stack, url: _async_httpx(httpx2, stack, url),
    "aiohttp": _aiohttp,
    "openai": _async_openai,
    "anthropic": _async_anthropic,
}


@pytest.mark.parametrize(
    ("name", "number"),
    [("httpx", 50), ("httpx2", GATHERED), ("aiohttp", GATHERED), ("openai", 50), ("anthropic", 50)],
)
async def test_gathered_calls_lose_nothing(
    name: str, number: int, provider: Provider, tmp_path: Path
) -> None:
    """Up to 200 at once on one loop, and each gets its own answer."""
    path = tmp_path / "c.yaml"
    prompts = [f"p{one}" for one in range(number)]
    async with AsyncExitStack() as stack:
        ask = ASYNC[name](stack, provider.url)
        for mode in ("once", "none"):
            async with use_cassette(path, record_mode=mode) as cassette:
                assert await asyncio.gather(*map(ask, prompts)) == prompts

    assert len(provider.received) == len(prompts)
    assert (cassette.play_count, cassette.all_played) == (len(prompts), True)


async def test_gathered_calls_stand_in_the_order_in_which_they_were_made(
    provider: Provider, tmp_path: Path
) -> None:
    """Whichever is answered first."""
    path = tmp_path / "c.yaml"
    waits = [60, 40, 20, 0]
    url = f"{provider.url}/v1/chat/completions"

    async with use_cassette(path, record_mode="once"), httpx2.AsyncClient() as client:
        bodies = [{"model": f"m.head-{wait}"} for wait in waits]
        await asyncio.gather(*(client.post(url, json=body) for body in bodies))

    with Cassette.open(path) as cassette:
        assert [json.loads(one.request.body) for one in cassette.interactions] == bodies


def test_cassettes_of_threads_do_not_mix(provider: Provider, tmp_path: Path) -> None:
    """Eight at once, each with its own calls in it."""
    together = threading.Barrier(8)

    def use(number: int) -> list[str]:
        together.wait()
        with use_cassette(tmp_path / f"{number}.yaml", record_mode="once") as cassette:
            for call in range(5):
                httpx2.post(f"{provider.url}/v1/chat/completions", json=asked(f"p{number}-{call}"))
            together.wait()
        return [json.loads(one.request.body)["model"] for one in cassette.interactions]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(use, range(8)))

    assert found == [[asked(f"p{n}-{c}")["model"] for c in range(5)] for n in range(8)]


async def test_cassettes_of_tasks_do_not_mix(provider: Provider, tmp_path: Path) -> None:
    """Eight at once on one loop."""

    async def use(number: int) -> list[str]:
        async with (
            use_cassette(tmp_path / f"{number}.yaml", record_mode="once") as cassette,
            httpx2.AsyncClient() as client,
        ):
            url = f"{provider.url}/v1/chat/completions"
            await asyncio.gather(
                *(client.post(url, json=asked(f"p{number}-{call}")) for call in range(5))
            )
        return [json.loads(one.request.body)["model"] for one in cassette.interactions]

    found = await asyncio.gather(*map(use, range(8)))

    expected = [[asked(f"p{n}-{c}")["model"] for c in range(5)] for n in range(8)]
    assert [sorted(models) for models in found] == expected


def test_thread_that_was_started_inside_belongs_to_the_cassette(
    provider: Provider, tmp_path: Path
) -> None:
    """And one of another block does not."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once") as cassette:
        thread = threading.Thread(
            target=httpx2.post,
            args=(f"{provider.url}/v1/chat/completions",),
            kwargs={"json": asked("p")},
        )
        thread.start()
        thread.join()

    assert len(cassette) == 1
