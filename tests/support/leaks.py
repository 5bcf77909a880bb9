"""Calls that leave this machine, each through another library."""

# ruff: noqa: PLC0415 - a client is imported where it is called, and may be missing

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MESSAGES: list[Any] = [{"role": "user", "content": "Hello"}]
CHAT = "https://api.openai.com/v1/chat/completions"
REALTIME = "wss://api.openai.com/v1/realtime"


@dataclass(frozen=True, slots=True)
class Leak:
    """A call to a provider: `open()` makes the client, and what it returns calls."""

    name: str
    host: str
    open: Callable[[], Callable[[], object]]
    needs: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    @property
    def is_possible(self) -> bool:
        """Tell whether all it needs is installed."""
        return all(map(_is_there, self.needs))


def _is_there(module: str) -> bool:
    """Tell whether a module is installed; `google` alone may be somebody else's."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


LEAKS: list[Leak] = []


def _leak(name: str, host: str, *needs: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    def register(opener: Callable[[], Any]) -> Callable[[], Any]:
        LEAKS.append(Leak(name, host, opener, needs))
        return opener

    return register


@_leak("openai", "api.openai.com", "openai")
def _() -> Callable[[], object]:
    import openai

    client = openai.OpenAI(api_key="x")
    return lambda: client.chat.completions.create(model="m", messages=MESSAGES)


@_leak("openai async", "api.openai.com", "openai")
def _() -> Callable[[], object]:
    import openai

    client = openai.AsyncOpenAI(api_key="x")
    return lambda: _run(lambda: client.chat.completions.create(model="m", messages=MESSAGES))


@_leak("openai under uvloop", "api.openai.com", "openai", "uvloop")
def _() -> Callable[[], object]:
    import openai

    client = openai.AsyncOpenAI(api_key="x")
    return lambda: _uvrun(lambda: client.chat.completions.create(model="m", messages=MESSAGES))


@_leak("anthropic", "api.anthropic.com", "anthropic")
def _() -> Callable[[], object]:
    import anthropic

    client = anthropic.Anthropic(api_key="x")
    return lambda: client.messages.create(model="m", max_tokens=9, messages=MESSAGES)


@_leak("google-genai", "generativelanguage.googleapis.com", "google.genai")
def _() -> Callable[[], object]:
    from google import genai

    client = genai.Client(api_key="x")
    return lambda: client.models.generate_content(model="m", contents="Hello")


@_leak("google-genai async", "generativelanguage.googleapis.com", "google.genai", "aiohttp")
def _() -> Callable[[], object]:
    from google import genai

    client = genai.Client(api_key="x")
    return lambda: _run(lambda: client.aio.models.generate_content(model="m", contents="Hello"))


@_leak("boto3", "bedrock-runtime.us-east-1.amazonaws.com", "boto3")
def _() -> Callable[[], object]:
    import boto3

    options: Any = {
        "region_name": "us-east-1",
        "aws_access_key_id": "x",
        "aws_secret_access_key": "x",
    }
    client = boto3.client("bedrock-runtime", **options)
    messages: Any = [{"role": "user", "content": [{"text": "Hello"}]}]
    return lambda: client.converse(modelId="m", messages=messages)


@_leak("requests", "api.openai.com", "requests")
def _() -> Callable[[], object]:
    import requests

    return lambda: requests.post(CHAT, json={"model": "m"}, timeout=9)


@_leak("urllib.request", "api.openai.com")
def _() -> Callable[[], object]:
    from urllib.request import urlopen

    trusted = ssl.create_default_context()  # takes longer than all the rest
    return lambda: urlopen(CHAT, b"{}", context=trusted)


@_leak("aiohttp", "api.openai.com", "aiohttp")
def _() -> Callable[[], object]:
    async def call() -> None:
        aiohttp = import_module("aiohttp")
        async with aiohttp.ClientSession() as session:
            await session.post(CHAT, json={"model": "m"})

    return lambda: _run(call)


@_leak("WebSocket of aiohttp", "api.openai.com", "aiohttp")
def _() -> Callable[[], object]:
    async def call() -> None:
        aiohttp = import_module("aiohttp")
        async with aiohttp.ClientSession() as session:
            await session.ws_connect(REALTIME)

    return lambda: _run(call)


@_leak("websockets", "api.openai.com", "websockets")
def _() -> Callable[[], object]:
    return lambda: _run(_websocket)


@_leak("websockets under uvloop", "api.openai.com", "websockets", "uvloop")
def _() -> Callable[[], object]:
    return lambda: _uvrun(_websocket)


@_leak("websockets, synchronous", "api.openai.com", "websockets")
def _() -> Callable[[], object]:
    return lambda: import_module("websockets.sync.client").connect(REALTIME)


@_leak("websocket-client", "api.openai.com", "websocket")
def _() -> Callable[[], object]:
    return lambda: import_module("websocket").create_connection(REALTIME)


@_leak("gRPC", "api.x.ai", "grpc")
def _() -> Callable[[], object]:
    grpc = import_module("grpc")
    channel = grpc.secure_channel("api.x.ai:443", grpc.ssl_channel_credentials())
    return lambda: channel.unary_unary("/xai_api.Chat/GetCompletion")(b"")


@_leak("gRPC, streaming", "api.x.ai", "grpc")
def _() -> Callable[[], object]:
    channel = import_module("grpc").insecure_channel("dns:///api.x.ai:443")
    return lambda: channel.unary_stream("/xai_api.Chat/GetCompletionChunk")(b"")


@_leak("gRPC, asynchronous", "api.x.ai", "grpc")
def _() -> Callable[[], object]:
    async def call() -> None:
        import_module("grpc.aio").insecure_channel("api.x.ai:443")

    return lambda: _run(call)


@_leak("gRPC, waiting for its channel", "api.x.ai", "grpc")
def _() -> Callable[[], object]:
    grpc = import_module("grpc")
    channel = grpc.insecure_channel("api.x.ai:443")
    return lambda: grpc.channel_ready_future(channel).result(timeout=9)


@_leak("pycurl", "api.openai.com", "pycurl")
def _() -> Callable[[], object]:
    def call() -> None:
        pycurl = import_module("pycurl")
        handle = pycurl.Curl()
        handle.setopt(pycurl.URL, CHAT)
        handle.perform()

    return call


@_leak("pycurl, several at once", "api.openai.com", "pycurl")
def _() -> Callable[[], object]:
    def call() -> None:
        pycurl = import_module("pycurl")
        handle = pycurl.Curl()
        handle.setopt(pycurl.URL, "api.openai.com/v1/chat/completions")
        pycurl.CurlMulti().add_handle(handle)

    return call


@_leak("curl_cffi", "api.openai.com", "curl_cffi")
def _() -> Callable[[], object]:
    return lambda: import_module("curl_cffi.requests").post(CHAT, json={"model": "m"})


@_leak("curl_cffi, asynchronous", "api.openai.com", "curl_cffi")
def _() -> Callable[[], object]:
    async def call() -> None:
        async with import_module("curl_cffi.requests").AsyncSession() as session:
            await session.post(CHAT, json={"model": "m"})

    return lambda: _run(call)


async def _websocket() -> None:
    async with import_module("websockets").connect(REALTIME):
        pass


def _run(call: Callable[[], Any]) -> object:
    async def task() -> object:
        return await call()

    return asyncio.run(task())


def _uvrun(call: Callable[[], Any]) -> object:
    async def task() -> object:
        return await call()

    return import_module("uvloop").run(task())
