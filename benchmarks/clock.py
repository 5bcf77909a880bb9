"""What simulated time costs, and how exact both clocks are, behind the openai SDK.

Targets: 1,000 streams of 20 lines with the delays of `realistic_l3` (72 simulated minutes) take
at most 1.5 times what the SDK takes for them without delays, with no error; on the real clock the
first word of a single stream is late by at most 2 ms at the 95th percentile, and its end drifts
by at most 0.05 %.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import httpx2
from openai import AsyncOpenAI, OpenAI

from benchmarks._timing import paired
from benchmarks.telemetry import MESSAGES, _event
from understudy.clock import RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from benchmarks._timing import Variant
    from understudy.clock import Clock

STREAMS = 1000
AT_ONCE = 50
ANSWERS = 15
HEADERS = {"content-type": "text/event-stream"}
HEAD = _event({"role": "assistant", "content": ""})
TAIL = [_event({}, "stop"), b"data: [DONE]\n\n"]


@dataclass(frozen=True)
class Schedule:
    """When the lines of an answer come: seconds to the first one, seconds between them."""

    think: float
    per_line: float
    lines: int

    def __iter__(self) -> Iterator[tuple[float, bytes]]:
        """Yield each line with the seconds from the start of the answer."""
        for number in range(self.lines):
            yield self.think + number * self.per_line, _event({"content": f"line {number}\n"})

    @property
    def total(self) -> float:
        """Seconds until the last line."""
        return self.think + (self.lines - 1) * self.per_line


LINES = list(Schedule(1.5, 0.15, 20))
SHORT = Schedule(0.3, 0.02, 50)


class Body(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A stream that plays once: at once without a clock, line by line on one."""

    def __init__(self, lines: list[tuple[float, bytes]], clock: Clock | None) -> None:
        self._lines = lines
        self._play: Any = None
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        self._play = self._play or self._sync()
        return self._play  # type: ignore[no-any-return]

    def __aiter__(self) -> AsyncIterator[bytes]:
        self._play = self._play or self._async()
        return self._play  # type: ignore[no-any-return]

    def _sync(self) -> Iterator[bytes]:
        clock = self._clock
        began = clock.now() if clock else 0.0
        yield HEAD
        for offset, line in self._lines:
            if clock:
                clock.sleep_until(began + offset)
            yield line
        yield from TAIL

    async def _async(self) -> AsyncIterator[bytes]:
        clock = self._clock
        began = clock.now() if clock else 0.0
        yield HEAD
        for offset, line in self._lines:
            if clock:
                await clock.async_sleep_until(began + offset)
            yield line
        for line in TAIL:
            yield line


class Transport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers every request with a stream."""

    def __init__(self, lines: list[tuple[float, bytes]], clock: Clock | None = None) -> None:
        self._lines = lines
        self._clock = clock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:  # noqa: ARG002
        """Answer a synchronous client."""
        return httpx2.Response(200, headers=HEADERS, stream=Body(self._lines, self._clock))

    async def handle_async_request(
        self,
        request: httpx2.Request,  # noqa: ARG002
    ) -> httpx2.Response:
        """Answer an asynchronous client."""
        return httpx2.Response(200, headers=HEADERS, stream=Body(self._lines, self._clock))


def _sync_client(lines: list[tuple[float, bytes]], clock: Clock | None) -> OpenAI:
    return OpenAI(api_key="none", http_client=httpx2.Client(transport=Transport(lines, clock)))


def _async_client(lines: list[tuple[float, bytes]], clock: Clock | None) -> AsyncOpenAI:
    return AsyncOpenAI(
        api_key="none", http_client=httpx2.AsyncClient(transport=Transport(lines, clock))
    )


def _sync_stream(client: OpenAI, now: Callable[[], float]) -> list[float]:
    began = now()
    stream = client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
    return [now() - began for chunk in stream if chunk.choices[0].delta.content]


async def _async_stream(client: AsyncOpenAI, now: Callable[[], float]) -> list[float]:
    began = now()
    stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
    return [now() - began async for chunk in stream if chunk.choices[0].delta.content]


def main() -> None:
    """Print what simulated streams cost, and how late real ones are."""
    clock = VirtualClock(real_time_for=["benchmarks"])
    print(f"{STREAMS} streams of {len(LINES)} lines, over the SDK without delays:")
    _compare("sync, one after another", clock, _sync_round)
    _compare("async, one after another", clock, _async_round(1))
    _compare(f"async, {AT_ONCE} at a time", clock, _async_round(AT_ONCE))
    own = median(
        _sync_stream(_sync_client(list(SHORT), None), RealClock().now)[0] for _ in range(50)
    )
    print(
        f"real clock, {ANSWERS} streams, {SHORT.think * 1000:.0f} ms then {SHORT.lines} lines"
        f" (the SDK itself takes {own * 1000:.2f} ms to the first word):"
    )
    _judge("sync", *_real_sync())
    _judge("async", *asyncio.run(_real_async()))


def _compare(what: str, clock: VirtualClock, play: Callable[[Clock | None], list[Any]]) -> None:
    errors: list[float] = []

    def simulated() -> None:
        for moments in play(clock):
            errors.extend(
                round(moment - due, 6) for moment, (due, _) in zip(moments, LINES, strict=True)
            )

    variants: dict[str, Variant] = {
        "floor": (nullcontext, lambda: play(None)),
        "virtual": (clock.running, simulated),
    }
    spent = paired(variants, rounds=5, calls=1)
    ratios = [v.cpu / f.cpu for v, f in zip(spent["virtual"], spent["floor"], strict=True)]
    seconds = median(one.wall for one in spent["virtual"])
    print(
        f"  {what:<26} {median(ratios):.2f} x ({min(ratios):.2f}-{max(ratios):.2f}),"
        f" {seconds:.2f} s, error at most {max(map(abs, errors)) * 1e6:.0f} µs"
    )


def _sync_round(clock: Clock | None) -> list[list[float]]:
    client = _sync_client(LINES, clock)
    now = (clock or RealClock()).now
    return [_sync_stream(client, now) for _ in range(STREAMS)]


def _async_round(at_once: int) -> Callable[[Clock | None], list[list[float]]]:
    async def streams(clock: Clock | None) -> list[list[float]]:
        client = _async_client(LINES, clock)
        now = (clock or RealClock()).now
        moments: list[list[float]] = []
        for _ in range(STREAMS // at_once):
            moments += await asyncio.gather(*[_async_stream(client, now) for _ in range(at_once)])
        return moments

    return lambda clock: asyncio.run(streams(clock))


def _real_sync() -> tuple[list[float], list[float]]:
    clock = RealClock()
    client = _sync_client(list(SHORT), clock)
    _sync_stream(client, clock.now)
    return _lateness([_sync_stream(client, clock.now) for _ in range(ANSWERS)])


async def _real_async() -> tuple[list[float], list[float]]:
    clock = RealClock()
    client = _async_client(list(SHORT), clock)
    await _async_stream(client, clock.now)
    return _lateness([await _async_stream(client, clock.now) for _ in range(ANSWERS)])


def _lateness(answers: list[list[float]]) -> tuple[list[float], list[float]]:
    """Return how late the first lines are, and by what share the spans of the others drift."""
    span = SHORT.total - SHORT.think
    first = [moments[0] - SHORT.think for moments in answers]
    return first, [abs(moments[-1] - moments[0] - span) / span for moments in answers]


def _judge(what: str, first: list[float], drift: list[float]) -> None:
    late, drifts = quantiles(first, n=20), quantiles(drift, n=20)
    print(
        f"  {what:<6} first word late by {late[9] * 1000:.2f} ms (median),"
        f" {late[-1] * 1000:.2f} ms (p95); drift {drifts[9]:.3%} (median), {drifts[-1]:.3%} (p95)"
    )


if __name__ == "__main__":
    main()
