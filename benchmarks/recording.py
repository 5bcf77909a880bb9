"""What recording does to a stream, and how true its replay is, beside live and vcrpy.

The provider stands on loopback: 300 ms to the first token, 20 ms between tokens. Targets: the
first content reaches the application while recording within 1.02 times live; a replay at speed 1
keeps each gap within 5 ms; at speed 0 the whole answer takes less than 20 ms with a warm client.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.provider import Provider

from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    #: Sends one request; returns the moments at which content came, in ms.
    Ask = Callable[[], list[float]]

ROUNDS = 5
MODEL = "gpt.first-300.gap-20.chunks-20"
MESSAGES: Any = [{"role": "user", "content": "Say some words."}]
ASKED: Any = {"model": MODEL, "messages": MESSAGES, "stream": True}


def main() -> None:
    """Print one line for each client."""
    print(
        f"{'first content (ms)':22s} {'live':>7s} {'recording':>9s} {'ratio':>6s} {'vcrpy':>7s}",
        end="",
    )
    print(f" {'x1: gap, p95':>14s} {'x0: whole':>10s} {'vcrpy':>7s}")
    with Provider() as provider, ExitStack() as stack, TemporaryDirectory() as folder:
        for name, make in CLIENTS.items():
            try:
                ask = make(stack, provider.url)
            except ImportError as error:
                print(f"{name:22s} {error}")
                continue
            print(Figures.of(ask, Path(folder) / name).line(name), flush=True)


@dataclass(frozen=True)
class Figures:
    """Medians, in ms; `gap` is the error of a gap in a replay, at the 95th percentile."""

    live: float
    recording: float
    ratio: float
    vcrpy: float
    gap: float
    whole: float
    vcrpy_whole: float

    @classmethod
    def of(cls, ask: Ask, path: Path) -> Figures:
        """Ask live, recording and replaying in turn, a few times over."""
        ask()
        rounds = [_round(ask, path.with_name(f"{path.name}-{number}")) for number in range(ROUNDS)]
        live, recorded, vcrpy, gaps, whole, vcrpy_whole = zip(*rounds, strict=True)
        ratio = median(mine / floor for mine, floor in zip(recorded, live, strict=True))
        return cls(
            median(live),
            median(recorded),
            ratio,
            median(vcrpy),
            quantiles(chain.from_iterable(gaps), n=20)[-1],
            median(whole),
            median(vcrpy_whole),
        )

    def line(self, name: str) -> str:
        """Return them as a row."""
        return (
            f"{name:22s} {self.live:7.1f} {self.recording:9.1f} {self.ratio:6.3f} {self.vcrpy:7.1f}"
            f" {self.gap:14.2f} {self.whole:10.1f} {self.vcrpy_whole:7.1f}"
        )


def _round(ask: Ask, path: Path) -> tuple[float, float, float, list[float], float, float]:
    import vcr

    ours, theirs = f"{path}.yaml", f"{path}-vcrpy.yaml"
    live = ask()
    with use_cassette(ours, record_mode="once"):
        recorded = ask()
    with vcr.use_cassette(theirs, record_mode="once"):
        buffered = ask()
    with use_cassette(ours, record_mode="none", replay_speed=1.0):
        replayed = ask()
    with use_cassette(ours, record_mode="none", replay_speed=0.0):
        at_once = ask()
    with vcr.use_cassette(theirs, record_mode="none"):
        vcrpy_at_once = ask()
    errors = [abs(one - other) for one, other in zip(_gaps(recorded), _gaps(replayed), strict=True)]
    return live[0], recorded[0], buffered[0], errors, at_once[-1], vcrpy_at_once[-1]


def _gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(moments)]


def _moments(items: Iterator[Any], began: float) -> list[float]:
    return [(time.perf_counter() - began) * 1000 for _ in items]


def _openai(stack: ExitStack, url: str) -> Ask:
    import openai

    client = stack.enter_context(openai.OpenAI(base_url=f"{url}/v1", api_key="x"))

    def ask() -> list[float]:
        began = time.perf_counter()
        stream = client.chat.completions.create(**ASKED)
        return _moments((one for one in stream if one.choices[0].delta.content), began)

    return ask


def _anthropic(stack: ExitStack, url: str) -> Ask:
    import anthropic

    client = stack.enter_context(anthropic.Anthropic(base_url=url, api_key="x"))

    def ask() -> list[float]:
        began = time.perf_counter()
        stream: Any = client.messages.create(**ASKED, max_tokens=99)
        return _moments((one for one in stream if one.type == "content_block_delta"), began)

    return ask


def _genai(stack: ExitStack, url: str) -> Ask:
    from google import genai

    client = genai.Client(api_key="x", http_options={"base_url": url})
    stack.callback(client.close)

    def ask() -> list[float]:
        began = time.perf_counter()
        stream = client.models.generate_content_stream(model=MODEL, contents="Say some words.")
        return _moments((one for one in stream if one.text), began)

    return ask


def _genai_async(stack: ExitStack, url: str) -> Ask:
    from google import genai

    runner = stack.enter_context(asyncio.Runner())
    client = genai.Client(api_key="x", http_options={"base_url": url})

    async def ask() -> list[float]:
        began = time.perf_counter()
        stream = await client.aio.models.generate_content_stream(model=MODEL, contents="Say.")
        return [(time.perf_counter() - began) * 1000 async for one in stream if one.text]

    stack.callback(lambda: runner.run(client.aio.aclose()))
    return lambda: runner.run(ask())


def _litellm(stack: ExitStack, url: str) -> Ask:
    del stack
    import litellm  # type: ignore[import-not-found,unused-ignore]

    def ask() -> list[float]:
        began = time.perf_counter()
        stream = litellm.completion(
            **{**ASKED, "model": f"openai/{MODEL}"}, api_base=f"{url}/v1", api_key="x"
        )
        return _moments((one for one in stream if one.choices[0].delta.content), began)

    return ask


def _requests(stack: ExitStack, url: str) -> Ask:
    import requests

    session = stack.enter_context(requests.Session())

    def ask() -> list[float]:
        began = time.perf_counter()
        with session.post(f"{url}/v1/chat/completions", json=ASKED, stream=True) as response:
            lines = response.iter_lines(chunk_size=None)
            return _moments((line for line in lines if b"word" in line), began)

    return ask


def _aiohttp(stack: ExitStack, url: str) -> Ask:
    import aiohttp

    runner = stack.enter_context(asyncio.Runner())

    async def opened() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    session = runner.run(opened())
    stack.callback(lambda: runner.run(session.close()))

    async def ask() -> list[float]:
        began = time.perf_counter()
        async with session.post(f"{url}/v1/chat/completions", json=ASKED) as response:
            lines = response.content
            return [(time.perf_counter() - began) * 1000 async for line in lines if b"word" in line]

    return lambda: runner.run(ask())


CLIENTS: dict[str, Callable[[ExitStack, str], Ask]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "google-genai": _genai,
    "google-genai, async": _genai_async,
    "litellm": _litellm,
    "requests": _requests,
    "aiohttp": _aiohttp,
}

if __name__ == "__main__":
    main()
