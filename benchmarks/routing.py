"""What our router costs, beside the provider itself and, where it is installed, litellm.Router.

Targets: a hit of 1 KB at most 30 µs, of 5 KB at most 80 µs, with eight threads at once no more than
twice that; a miss at most 100 µs over the provider; 5,000 requests/s with 50 at a time; breaker,
balance and budget of ten providers at most 10 µs; metrics of a request at most 10 µs; of 1,000
requests after Zipf's law (1.1) over 200 prompts at least 80 % hits.
"""

# ruff: noqa: ARG002, ASYNC109, B023, SLF001 - providers look like this; closures run at once

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from contextlib import nullcontext
from importlib.util import find_spec
from statistics import median
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any, Final

from benchmarks._timing import added, medians, paired
from understudy.routing import MemoryCache, Policy, PrometheusMetrics, Router
from understudy.routing._choice import Trail, choose

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

ROUNDS: Final = 15
CALLS: Final = 1_000
_ANSWER: Final = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "It rains in Oslo. " * 12},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 250, "completion_tokens": 60, "total_tokens": 310},
    }
)


class Trivial:
    """A provider that has its answer ready."""

    def __init__(self, name: str) -> None:
        self.name = name

    def complete(self, body: Mapping[str, Any], *, timeout: float) -> str:
        """Return the answer."""
        return _ANSWER

    async def acomplete(self, body: Mapping[str, Any], *, timeout: float) -> str:
        """Return the answer."""
        return _ANSWER

    def stream(self, body: Mapping[str, Any], *, timeout: float) -> Iterator[str]:
        """Yield nothing: no stream is measured."""
        yield from ()

    async def astream(self, body: Mapping[str, Any], *, timeout: float) -> AsyncIterator[str]:
        """Yield nothing: no stream is measured."""
        return
        yield ""


def price(_provider: str, _model: str, usage: Any) -> int:
    """Return list price of gpt-4o."""
    return (usage.input_tokens or 0) * 2500 + (usage.output_tokens or 0) * 10_000


def router(*providers: Trivial, cache: bool = True, **more: Any) -> Router:
    """Return one with all of its parts at work."""
    several = providers or (Trivial("openai"),)
    return Router(
        several,
        {"*": [each.name for each in several]},
        policy=Policy(**more),
        cache=MemoryCache(entries=10_000, bytes=1 << 28) if cache else None,
        price=price,
    )


def body(size: int, number: int | str = 0) -> dict[str, Any]:
    """Return a request of about so many bytes."""
    messages = [
        {"role": "system", "content": "Answer in one sentence."},
        {"role": "user", "content": f"{number} " + "what is the weather in Oslo? " * (size // 29)},
    ]
    return {"model": "gpt-4o", "messages": messages, "temperature": 0.2, "max_tokens": 300}


def hits() -> None:
    """Time answers that are kept, with one thread and with eight."""
    for size in (800, 4_800):
        ours, asked = router(), body(size)
        ours.complete(asked)
        spent = paired(
            {"hit": (nullcontext, lambda: ours.complete(asked))}, rounds=ROUNDS, calls=CALLS
        )
        one = medians(spent["hit"])
        alone, together = (in_threads(lambda: ours.complete(asked), n) for n in (1, 8))
        print(
            f"hit, body of {len(json.dumps(asked)):,} bytes: {one.cpu * 1e6:.0f} µs CPU"
            f" ({one.wall * 1e6:.0f} wall); eight threads at once {together / alone:.2f} x one"
        )


def in_threads(call: Callable[[], object], number: int) -> float:
    """Return the seconds of the wall that one of all calls takes, made by so many threads."""
    best = []
    for _ in range(5):
        start = Barrier(number + 1)
        threads = [Thread(target=_repeat, args=(call, CALLS // 2, start)) for _ in range(number)]
        for thread in threads:
            thread.start()
        start.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        best.append((time.perf_counter() - began) / (number * (CALLS // 2)))
    return median(best)


def _repeat(call: Callable[[], object], times: int, start: Barrier) -> None:
    start.wait()
    for _ in range(times):
        call()


def misses() -> None:
    """Time requests that the provider answers, over the provider itself."""
    provider, asked = Trivial("openai"), body(800)
    kept, bare = router(), router(cache=False)
    numbers = iter(range(10**9))
    spent = paired(
        {
            "provider": (nullcontext, lambda: provider.complete(asked, timeout=1)),
            "bare": (nullcontext, lambda: bare.complete(asked)),
            "kept": (nullcontext, lambda: kept.complete({**asked, "seed": next(numbers)})),
        },
        rounds=ROUNDS,
        calls=CALLS,
    )
    for name, what in (("bare", "without a cache"), ("kept", "kept afterwards")):
        over = added(spent[name], spent["provider"])
        figures = f"{over.cpu * 1e6:.0f} µs CPU ({over.wall * 1e6:.0f} wall)"
        print(f"miss over the provider, {what}: {figures}")
    over_async = median(asyncio.run(_awaited(bare, asked)) for _ in range(ROUNDS))
    print(f"the same, awaited: {over_async * 1e6:.0f} µs CPU")


async def _awaited(ours: Router, asked: dict[str, Any]) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        await ours.acomplete(asked)
    return (time.process_time() - began) / CALLS


def throughput() -> None:
    """Count requests a second with 50 at a time, all of them misses."""
    ours = router()
    rates = [asyncio.run(_at_once(ours, number)) for number in range(7)]
    wall, cpu = (median(rate[place] for rate in rates) for place in (0, 1))
    print(
        f"50 at a time, all misses: {wall:,.0f} requests/s on the wall, {cpu:,.0f} a second of CPU"
    )


async def _at_once(ours: Router, number: int) -> tuple[float, float]:
    asked = body(800)

    async def one(place: int) -> None:
        for turn in range(40):
            await ours.acomplete({**asked, "seed": (number * 50 + place) * 1000 + turn})

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(one, range(50)))
    return 2000 / (time.perf_counter() - wall), 2000 / (time.process_time() - cpu)


def decisions() -> None:
    """Time what chooses among ten providers, and what is counted for Prometheus."""
    ten = [Trivial(f"p{number}") for number in range(10)]
    for name in ("round_robin", "weighted", "least_loaded", "cost"):
        core = router(*ten, balance=name)._core
        call = core.begin(body(800), agent="", stream=False, fresh=False)

        def decide() -> None:
            with core.lock:
                core.retries.earn()
                seat, permit = choose(core, call, Trail())  # type: ignore[misc]
            core.succeeded(seat, permit, 1.0)

        spent = medians(paired({name: (nullcontext, decide)}, rounds=ROUNDS, calls=CALLS)[name])
        print(f"breaker, balance ({name}) and budget, ten providers: {spent.cpu * 1e6:.1f} µs CPU")
    if find_spec("prometheus_client") is None:
        print("metrics: prometheus-client is not installed")
        return
    from prometheus_client import CollectorRegistry

    metrics, answer = PrometheusMetrics(CollectorRegistry()), router().complete(body(800))
    told = metrics.callbacks

    def count() -> None:
        assert told.on_attempt is not None
        assert told.on_answer is not None
        told.on_attempt(answer.attempts[0])
        told.on_answer(answer)

    spent = medians(paired({"count": (nullcontext, count)}, rounds=ROUNDS, calls=CALLS)["count"])
    print(f"metrics of a request: {spent.cpu * 1e6:.1f} µs CPU")


def hit_rate() -> None:
    """Count the hits of a workload that repeats itself."""
    draw = random.Random(1)
    weights = [1 / rank**1.1 for rank in range(1, 201)]
    ours = router()
    for prompt in draw.choices(range(200), weights, k=1_000):
        ours.complete(body(800, prompt))
    rate = ours.counters().hit_rate or 0
    print(f"hits of 1,000 requests after Zipf's law (1.1) over 200 prompts: {rate:.1%}")


def peer() -> None:
    """Time litellm.Router on the same, where it is installed."""
    if find_spec("litellm") is None:
        print("litellm.Router: not installed here; see the environment that has it")
        return
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    class Ready(litellm.CustomLLM):  # type: ignore[misc]
        def completion(self, *_: Any, **more: Any) -> Any:
            return litellm.ModelResponse(**json.loads(_ANSWER))

    litellm.custom_provider_map = [{"provider": "ready", "custom_handler": Ready()}]
    theirs = litellm.Router(
        model_list=[{"model_name": "gpt-4o", "litellm_params": {"model": "ready/gpt-4o"}}],
        cache_responses=True,
    )
    numbers = iter(range(10**9))
    messages = body(800)["messages"]
    asked = {"model": "gpt-4o", "messages": messages}
    theirs.completion(**asked)
    ours = router()
    ours.complete(asked)
    spent = paired(
        {
            "their hit": (nullcontext, lambda: theirs.completion(**asked)),
            "their miss": (nullcontext, lambda: theirs.completion(**asked, seed=next(numbers))),
            "our hit": (nullcontext, lambda: ours.complete(asked)),
            "our miss": (nullcontext, lambda: ours.complete({**asked, "seed": next(numbers)})),
        },
        rounds=5,
        calls=50,
    )
    for name, each in spent.items():
        print(f"beside litellm {litellm_version()}, {name}: {medians(each).cpu * 1e6:,.0f} µs CPU")


def litellm_version() -> str:
    """Return its version."""
    from importlib.metadata import version

    return version("litellm")


def main() -> None:
    """Print all of it."""
    hits()
    misses()
    throughput()
    decisions()
    hit_rate()
    peer()
