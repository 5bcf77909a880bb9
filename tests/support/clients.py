"""Calls to the fake provider through every client: each returns what the application sees."""

# ruff: noqa: PLC0415 - a client is imported where it is called, and may be missing

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable

PROMPT = "Say some words."
MESSAGES: list[Any] = [{"role": "user", "content": PROMPT}]


@dataclass(frozen=True, slots=True)
class Caller:
    """One way of calling: `call(url, model)` returns what came back, as text."""

    name: str
    client: str
    call: Callable[[str, str], list[str]]
    needs: tuple[str, ...]

    @property
    def leaves_the_end(self) -> bool:
        """Tell whether it neither reads the last event of a stream nor closes it."""
        return self.name.startswith("litellm, anthropic") and self.name.endswith("streaming")

    @property
    def is_possible(self) -> bool:
        """Tell whether all it needs is installed."""
        return all(_is_there(module) for module in self.needs)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


CALLERS: list[Caller] = []


def _caller(
    name: str, client: str, *needs: str
) -> Callable[[Callable[[str, str], Any]], Callable[[str, str], Any]]:
    def register(call: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
        def run(url: str, model: str) -> list[str]:
            seen = call(url, model)
            return asyncio.run(seen) if asyncio.iscoroutine(seen) else seen

        CALLERS.append(Caller(name, client, run, (client, *needs)))
        return call

    return register


def _texts(items: Iterable[Any]) -> list[str]:
    return [_text(item) for item in items]


async def _gather(items: AsyncIterable[Any]) -> list[str]:
    return [_text(item) async for item in items]


def _text(item: Any) -> str:
    for dump in ("model_dump_json", "json"):
        if callable(getattr(item, dump, None)):
            return str(getattr(item, dump)())
    return repr(item)


def _library(sdk: str, first_on_httpx2: int) -> str:
    """Return what `sdk` stands on: httpx2 since that major version, httpx before."""
    try:
        major = int(version(sdk).split(".")[0])
    except PackageNotFoundError:
        return "httpx2"
    return "httpx2" if major >= first_on_httpx2 else "httpx"


OPENAI = _library("openai", 3)
ANTHROPIC = _library("anthropic", 1)


def _openai(url: str, **options: Any) -> Any:
    import openai

    return openai.OpenAI(base_url=f"{url}/v1", api_key="x", max_retries=0, **options)


def _openai_async(url: str, **options: Any) -> Any:
    import openai

    return openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="x", max_retries=0, **options)


@_caller("openai chat", OPENAI, "openai")
def _(url: str, model: str) -> list[str]:
    with _openai(url) as client:
        return [_text(client.chat.completions.create(model=model, messages=MESSAGES))]


@_caller("openai chat, streaming", OPENAI, "openai")
def _(url: str, model: str) -> list[str]:
    with _openai(url) as client:
        answer = client.chat.completions.create(model=model, messages=MESSAGES, stream=True)
        return _texts(answer)


@_caller("openai chat, async", OPENAI, "openai")
async def _(url: str, model: str) -> list[str]:
    async with _openai_async(url) as client:
        return [_text(await client.chat.completions.create(model=model, messages=MESSAGES))]


@_caller("openai chat, async, streaming", OPENAI, "openai")
async def _(url: str, model: str) -> list[str]:
    async with _openai_async(url) as client:
        return await _gather(
            await client.chat.completions.create(model=model, messages=MESSAGES, stream=True)
        )


@_caller("openai responses", OPENAI, "openai")
def _(url: str, model: str) -> list[str]:
    with _openai(url) as client:
        return [_text(client.responses.create(model=model, input=PROMPT))]


@_caller("openai responses, streaming", OPENAI, "openai")
def _(url: str, model: str) -> list[str]:
    with _openai(url) as client:
        return _texts(client.responses.create(model=model, input=PROMPT, stream=True))


@_caller("openai embeddings", OPENAI, "openai")
def _(url: str, model: str) -> list[str]:
    with _openai(url) as client:
        return [_text(client.embeddings.create(model=model, input=PROMPT))]


@_caller("openai over aiohttp", "httpx2", "openai._vendor.httpx_aiohttp", "aiohttp")
async def _(url: str, model: str) -> list[str]:
    import openai

    async with _openai_async(url, http_client=openai.DefaultAioHttpClient()) as client:
        return [_text(await client.chat.completions.create(model=model, messages=MESSAGES))]


@_caller("openai over aiohttp, streaming", "httpx2", "openai._vendor.httpx_aiohttp", "aiohttp")
async def _(url: str, model: str) -> list[str]:
    import openai

    async with _openai_async(url, http_client=openai.DefaultAioHttpClient()) as client:
        return await _gather(
            await client.chat.completions.create(model=model, messages=MESSAGES, stream=True)
        )


@_caller("openai over httpx", "httpx", "openai")
def _(url: str, model: str) -> list[str]:
    import httpx

    with _openai(url, http_client=httpx.Client()) as client:
        return [_text(client.chat.completions.create(model=model, messages=MESSAGES))]


def _anthropic_request(model: str) -> dict[str, Any]:
    return {"model": model, "messages": MESSAGES, "max_tokens": 99}


@_caller("anthropic", ANTHROPIC, "anthropic")
def _(url: str, model: str) -> list[str]:
    import anthropic

    with anthropic.Anthropic(base_url=url, api_key="x", max_retries=0) as client:
        return [_text(client.messages.create(**_anthropic_request(model)))]


@_caller("anthropic, streaming", ANTHROPIC, "anthropic")
def _(url: str, model: str) -> list[str]:
    import anthropic

    with (
        anthropic.Anthropic(base_url=url, api_key="x", max_retries=0) as client,
        client.messages.stream(**_anthropic_request(model)) as stream,
    ):
        return _texts(stream)


@_caller("anthropic, async", ANTHROPIC, "anthropic")
async def _(url: str, model: str) -> list[str]:
    import anthropic

    async with anthropic.AsyncAnthropic(base_url=url, api_key="x", max_retries=0) as client:
        return [_text(await client.messages.create(**_anthropic_request(model)))]


@_caller("anthropic, async, streaming", ANTHROPIC, "anthropic")
async def _(url: str, model: str) -> list[str]:
    import anthropic

    async with anthropic.AsyncAnthropic(base_url=url, api_key="x", max_retries=0) as client:
        return await _gather(await client.messages.create(**_anthropic_request(model), stream=True))


def _genai(url: str) -> Any:
    from google import genai

    return genai.Client(api_key="x", http_options=genai.types.HttpOptions(base_url=url))


@_caller("google-genai", "httpx2", "google.genai")
def _(url: str, model: str) -> list[str]:
    with _genai(url) as client:
        answer = client.models.generate_content(model=model, contents=PROMPT)
        return [str(answer.text), str(answer.usage_metadata)]


@_caller("google-genai, streaming", "httpx2", "google.genai")
def _(url: str, model: str) -> list[str]:
    with _genai(url) as client:
        answer = client.models.generate_content_stream(model=model, contents=PROMPT)
        return [str(part.text) for part in answer]


@_caller("google-genai, async", "aiohttp", "google.genai")
async def _(url: str, model: str) -> list[str]:
    async with _genai(url).aio as client:
        answer = await client.models.generate_content(model=model, contents=PROMPT)
        return [str(answer.text), str(answer.usage_metadata)]


@_caller("google-genai, async, streaming", "aiohttp", "google.genai")
async def _(url: str, model: str) -> list[str]:
    async with _genai(url).aio as client:
        answer = await client.models.generate_content_stream(model=model, contents=PROMPT)
        return [str(part.text) async for part in answer]


def _bedrock(url: str) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "bedrock-runtime",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"max_attempts": 1, "mode": "standard"}),
    )


_BEDROCK_MESSAGES = [{"role": "user", "content": [{"text": PROMPT}]}]


@_caller("boto3", "urllib3", "boto3")
def _(url: str, model: str) -> list[str]:
    client = _bedrock(url)
    try:
        answer = client.converse(modelId=model, messages=_BEDROCK_MESSAGES)
    finally:
        client.close()
    return [str(answer["output"]), str(answer["usage"])]


@_caller("boto3, streaming", "urllib3", "boto3")
def _(url: str, model: str) -> list[str]:
    client = _bedrock(url)
    try:
        answer = client.converse_stream(modelId=model, messages=_BEDROCK_MESSAGES)
        return [str(event) for event in answer["stream"]]
    finally:
        client.close()


@_caller("cohere", "httpx", "cohere")
def _(url: str, model: str) -> list[str]:
    import cohere
    import httpx

    with httpx.Client() as http:
        client = cohere.ClientV2(api_key="x", base_url=url, httpx_client=http)
        return [_text(client.chat(model=model, messages=MESSAGES))]


@_caller("cohere, streaming", "httpx", "cohere")
def _(url: str, model: str) -> list[str]:
    import cohere
    import httpx

    with httpx.Client() as http:
        client = cohere.ClientV2(api_key="x", base_url=url, httpx_client=http)
        return _texts(client.chat_stream(model=model, messages=MESSAGES))


@_caller("mistralai", "httpx2", "mistralai.client")
def _(url: str, model: str) -> list[str]:
    from mistralai.client import Mistral

    with Mistral(api_key="x", server_url=url) as client:
        return [_text(client.chat.complete(model=model, messages=MESSAGES))]


@_caller("mistralai, streaming", "httpx2", "mistralai.client")
def _(url: str, model: str) -> list[str]:
    from mistralai.client import Mistral

    with Mistral(api_key="x", server_url=url) as client:
        return _texts(client.chat.stream(model=model, messages=MESSAGES))


@_caller("ollama", "httpx", "ollama")
def _(url: str, model: str) -> list[str]:
    import ollama

    with ollama.Client(host=url) as client:
        return [_text(client.chat(model=model, messages=MESSAGES))]


@_caller("ollama, streaming", "httpx", "ollama")
def _(url: str, model: str) -> list[str]:
    import ollama

    with ollama.Client(host=url) as client:
        return _texts(client.chat(model=model, messages=MESSAGES, stream=True))


def _litellm_request(url: str, maker: str, model: str) -> dict[str, Any]:
    base = f"{url}/v1" if maker == "openai" else url
    return {"model": f"{maker}/{model}", "api_base": base, "api_key": "x", "messages": MESSAGES}


def _litellm_callers(maker: str) -> None:
    def whole(url: str, model: str) -> list[str]:
        import litellm

        answer = litellm.completion(**_litellm_request(url, maker, model))
        return [str(answer.choices[0].message.content), str(answer.usage.total_tokens)]

    def streaming(url: str, model: str) -> list[str]:
        import litellm

        answer = litellm.completion(**_litellm_request(url, maker, model), stream=True)
        return [str(part.choices[0].delta.content) for part in answer]

    async def async_whole(url: str, model: str) -> list[str]:
        import litellm

        answer = await litellm.acompletion(**_litellm_request(url, maker, model))
        return [str(answer.choices[0].message.content), str(answer.usage.total_tokens)]

    async def async_streaming(url: str, model: str) -> list[str]:
        import litellm

        answer = await litellm.acompletion(**_litellm_request(url, maker, model), stream=True)
        return [str(part.choices[0].delta.content) async for part in answer]

    _caller(f"litellm, {maker}", "httpx", "litellm")(whole)
    _caller(f"litellm, {maker}, streaming", "httpx", "litellm")(streaming)
    _caller(f"litellm, {maker}, async", "httpx", "litellm")(async_whole)
    _caller(f"litellm, {maker}, async, streaming", "httpx", "litellm")(async_streaming)


_litellm_callers("openai")
_litellm_callers("anthropic")


def chat_request(model: str, *, stream: bool = False) -> dict[str, Any]:
    """Return the body of a chat request."""
    return {"model": model, "messages": MESSAGES, "stream": stream}


def _chat(url: str) -> str:
    return f"{url}/v1/chat/completions"


@_caller("requests", "urllib3", "requests")
def _(url: str, model: str) -> list[str]:
    import requests

    with requests.post(_chat(url), json=chat_request(model), timeout=9) as response:
        return [response.text, str(response.headers)]


@_caller("requests, streaming", "urllib3", "requests")
def _(url: str, model: str) -> list[str]:
    import requests

    asked = chat_request(model, stream=True)
    with requests.post(_chat(url), json=asked, stream=True, timeout=9) as response:
        return _texts(response.iter_content(None))


@_caller("urllib3", "urllib3")
def _(url: str, model: str) -> list[str]:
    import urllib3

    with urllib3.PoolManager() as pool:
        response = pool.request("POST", _chat(url), json=chat_request(model))
        return [str(response.data), str(response.json())]


@_caller("urllib3, streaming", "urllib3")
def _(url: str, model: str) -> list[str]:
    import urllib3

    body = json.dumps(chat_request(model, stream=True))
    with urllib3.PoolManager() as pool:
        response = pool.request("POST", _chat(url), body=body, preload_content=False)
        return _texts(response.stream())


@_caller("aiohttp", "aiohttp")
async def _(url: str, model: str) -> list[str]:
    import aiohttp

    async with (
        aiohttp.ClientSession() as session,
        session.post(_chat(url), json=chat_request(model)) as response,
    ):
        return [str(await response.json()), str(response.headers)]


@_caller("aiohttp, streaming", "aiohttp")
async def _(url: str, model: str) -> list[str]:
    import aiohttp

    async with (
        aiohttp.ClientSession() as session,
        session.post(_chat(url), json=chat_request(model, stream=True)) as response,
    ):
        return [str(b"".join([line async for line in response.content]))]


def _httpx_callers(library: str) -> None:
    def whole(url: str, model: str) -> list[str]:
        module: Any = __import__(library)
        with module.Client() as client:
            response = client.post(_chat(url), json=chat_request(model))
            return [response.text, str(response.headers)]

    def streaming(url: str, model: str) -> list[str]:
        module: Any = __import__(library)
        asked = chat_request(model, stream=True)
        with module.Client() as client, client.stream("POST", _chat(url), json=asked) as response:
            return [str(b"".join(response.iter_raw()))]

    async def async_streaming(url: str, model: str) -> list[str]:
        module: Any = __import__(library)
        asked = chat_request(model, stream=True)
        async with (
            module.AsyncClient() as client,
            client.stream("POST", _chat(url), json=asked) as response,
        ):
            return [str(b"".join([chunk async for chunk in response.aiter_raw()]))]

    _caller(library, library)(whole)
    _caller(f"{library}, streaming", library)(streaming)
    _caller(f"{library}, async, streaming", library)(async_streaming)


_httpx_callers("httpx")
_httpx_callers("httpx2")

#: Runs a test with each of them, and skips those of clients that are not installed.
each_caller = pytest.mark.parametrize(
    "caller",
    [
        pytest.param(
            caller,
            id=caller.name,
            marks=pytest.mark.skipif(not caller.is_possible, reason="not installed"),
        )
        for caller in CALLERS
    ],
)
