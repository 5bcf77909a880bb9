"""The SDKs' own waiting between attempts passes in simulated time."""

# ruff: noqa: PLC0415 - a client is imported where it is called, and may be missing

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.loopback import Loopback

    from understudy.clock import RealClock, VirtualClock

MESSAGES: list[Any] = [{"role": "user", "content": "Hello."}]


def openai_sync(url: str) -> None:
    import openai

    with openai.OpenAI(api_key="none", base_url=url, max_retries=2) as client:
        client.chat.completions.create(model="m", messages=MESSAGES)


async def openai_async(url: str) -> None:
    import openai

    async with openai.AsyncOpenAI(api_key="none", base_url=url, max_retries=2) as client:
        await client.chat.completions.create(model="m", messages=MESSAGES)


def anthropic_sync(url: str) -> None:
    import anthropic

    with anthropic.Anthropic(api_key="none", base_url=url, max_retries=2) as client:
        client.messages.create(model="m", max_tokens=9, messages=MESSAGES)


async def anthropic_async(url: str) -> None:
    import anthropic

    async with anthropic.AsyncAnthropic(api_key="none", base_url=url, max_retries=2) as client:
        await client.messages.create(model="m", max_tokens=9, messages=MESSAGES)


def google_client(url: str) -> Any:
    from google import genai
    from google.genai import types

    retry = types.HttpRetryOptions(attempts=3, initial_delay=20, max_delay=60, jitter=0)
    options = types.HttpOptions(base_url=url, retry_options=retry)
    return genai.Client(api_key="none", http_options=options)


def google_sync(url: str) -> None:
    with google_client(url) as client:
        client.models.generate_content(model="m", contents="Hello.")


async def google_async(url: str) -> None:
    async with google_client(url).aio as client:
        await client.models.generate_content(model="m", contents="Hello.")


def bedrock(url: str) -> None:
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "bedrock-runtime",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
        config=Config(retries={"mode": "legacy", "total_max_attempts": 8}),
    )
    client.converse(modelId="m", messages=[{"role": "user", "content": [{"text": "Hello."}]}])


def mistral(url: str) -> None:
    from mistralai.client import Mistral
    from mistralai.client.utils import BackoffStrategy, RetryConfig

    strategy = BackoffStrategy(
        initial_interval=20_000, max_interval=60_000, exponent=1.5, max_elapsed_time=120_000
    )
    retry = RetryConfig("backoff", strategy, retry_connection_errors=False)
    with Mistral(api_key="none", server_url=url) as client:
        client.chat.complete(model="m", messages=MESSAGES, retries=retry)


def urllib3_retries(url: str) -> None:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    retry = Retry(2, status_forcelist=[429], allowed_methods=["POST"])
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.post(url, json={})


def tenacity_sync(url: str) -> None:
    import requests
    import tenacity

    @tenacity.retry(wait=tenacity.wait_fixed(30), stop=tenacity.stop_after_attempt(3))
    def call() -> None:
        requests.post(url, json={}, timeout=5).raise_for_status()

    call()


async def tenacity_async(url: str) -> None:
    import requests
    import tenacity

    @tenacity.retry(wait=tenacity.wait_fixed(30), stop=tenacity.stop_after_attempt(3))
    async def call() -> None:
        answer = await asyncio.to_thread(requests.post, url, json={}, timeout=5)
        answer.raise_for_status()

    await call()


CALLS: list[tuple[Callable[[str], Any], str, float]] = [
    (openai_sync, "openai", 60),
    (openai_async, "openai", 60),
    (anthropic_sync, "anthropic", 60),
    (anthropic_async, "anthropic", 60),
    (google_sync, "google.genai", 60),
    (google_async, "google.genai", 60),
    (bedrock, "boto3", 1),
    (mistral, "mistralai", 60),
    (urllib3_retries, "requests", 60),
    (tenacity_sync, "tenacity", 60),
    (tenacity_async, "tenacity", 60),
]


def run(call: Callable[[str], Any], url: str) -> None:
    """Call, in a loop where that is needed."""
    waiting = call(url)
    if inspect.iscoroutine(waiting):
        asyncio.run(waiting)


@pytest.mark.parametrize(
    ("call", "needed", "seconds"), CALLS, ids=[call.__name__ for call, *_ in CALLS]
)
def test_waiting_between_attempts_costs_nothing(
    virtual: VirtualClock,
    real: RealClock,
    loopback: Loopback,
    call: Callable[[str], Any],
    needed: str,
    seconds: float,
) -> None:
    """A minute of it, over real sockets, with two attempts and more that are refused."""
    pytest.importorskip(needed)
    began, started = virtual.now(), real.now()

    with pytest.raises(Exception, match=r"(?i)429|slow down|too many|RetryError"):
        run(call, loopback.url)

    assert virtual.now() - began > seconds - 1e-3
    assert real.now() - started < 30
