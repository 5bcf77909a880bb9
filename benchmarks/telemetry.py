"""What telemetry costs a call of the openai SDK, beside OpenTelemetry's instrumentation.

Target: at most 25 µs inside a JSON call, 50 µs of CPU in all (the merge included), 3 % of a
52-chunk stream.
"""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
from openai import OpenAI

from benchmarks._timing import added, medians, paired
from understudy.app import build_instrumentation, open_event_log
from understudy.durable import Journal, RunJournals, journal_path
from understudy.events import CallEvent, new_id
from understudy.extensions import find_extensions
from understudy.pricing import price_call
from understudy.store import merge_journals
from understudy.telemetry import JournalWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from benchmarks._timing import Spent

CHUNKS = 52
MESSAGES: Any = [{"role": "user", "content": "What is the capital of France?"}]
USAGE = {"prompt_tokens": 14, "completion_tokens": 49, "total_tokens": 63}


class Body(httpx2.SyncByteStream):
    """A body that comes in pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces


class Trivial(httpx2.BaseTransport):
    """Answers at once with what was made before: the floor under every client."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer with a stream or in one piece, as asked."""
        is_stream = b'"stream":true' in request.content
        kind, pieces = ("text/event-stream", EVENTS) if is_stream else ("application/json", ANSWER)
        return httpx2.Response(200, headers={"content-type": kind}, stream=Body(pieces))


def _event(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "gpt-4o-2024-08-06",
        "system_fingerprint": "fp_1",
        "choices": [choice],
        "usage": None,
        **more,
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


ANSWER = [
    json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "gpt-4o-2024-08-06",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": "The capital is Paris. " * 8},
                    "logprobs": None,
                    "finish_reason": "stop",
                }
            ],
            "usage": USAGE,
            "system_fingerprint": "fp_1",
        }
    ).encode()
]
EVENTS = [
    _event({"role": "assistant", "content": ""}),
    *[_event({"content": f" word{number}"}) for number in range(CHUNKS - 4)],
    _event({}, "stop"),
    _event({}, choices=[], usage=USAGE),
    b"data: [DONE]\n\n",
]


def _json_call(client: OpenAI) -> object:
    return client.chat.completions.create(model="gpt-4o", messages=MESSAGES)


def _stream_call(client: OpenAI) -> object:
    options: Any = {"include_usage": True}
    stream = client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, stream=True, stream_options=options
    )
    return [chunk for chunk in stream]  # noqa: C416 - what an application does


@contextmanager
def _understudy() -> Iterator[None]:
    extensions = find_extensions([], pyproject=Path("none"))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_:
        journal = Journal.open(Path(folder) / "run" / "main.jsonl")
        open_.callback(journal.close)
        event_log = open_event_log(extensions, JournalWriter(journal.append), run_id=new_id())
        open_.enter_context(build_instrumentation(extensions, event_log).taps)
        yield


@contextmanager
def _opentelemetry() -> Iterator[None]:
    from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(InMemorySpanExporter()))
    instrumentor = OpenAIInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        yield
    finally:
        instrumentor.uninstrument()


def merge_cost(calls: int) -> float:
    """Return CPU seconds that the merge takes for each event: validation, price, SQLite."""
    extensions = find_extensions([], pyproject=Path("none"))
    client = OpenAI(api_key="none", http_client=httpx2.Client(transport=Trivial()))
    with tempfile.TemporaryDirectory() as folder:
        root, run_id = Path(folder) / "journals", new_id()
        claim = RunJournals.begin(root, run_id)
        journal = Journal.open(journal_path(root, run_id, "main"))
        event_log = open_event_log(extensions, JournalWriter(journal.append), run_id=run_id)
        rig = build_instrumentation(extensions, event_log)
        with rig.taps:
            for _ in range(calls):
                _json_call(client)
        journal.close()
        began = time.process_time()
        merge_journals(
            Path(folder) / "telemetry.db",
            [claim],
            price=lambda e: price_call(e, extensions.prices) if isinstance(e, CallEvent) else e,
        )
        return (time.process_time() - began) / calls


def main() -> None:
    """Print what each way adds to a call and to a stream."""
    client = OpenAI(api_key="none", http_client=httpx2.Client(transport=Trivial()))
    _compare("JSON call", lambda: _json_call(client), calls=300)
    merge_cost(300)
    print(f"  merge, at the end of the run: {merge_cost(3000) * 1e6:.0f} µs CPU an event")
    _compare(f"{CHUNKS}-chunk stream", lambda: _stream_call(client), calls=60)


def _compare(what: str, call: Callable[[], object], *, calls: int) -> None:
    ways: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "plain": nullcontext,
        "understudy": _understudy,
        "opentelemetry": _opentelemetry,
    }
    spent = paired({name: (way, call) for name, way in ways.items()}, rounds=15, calls=calls)
    floor = medians(spent["plain"])
    print(f"{what}, openai SDK on a trivial transport: {floor.cpu * 1e6:.0f} µs CPU")
    for name in ("understudy", "opentelemetry"):
        _print_added(name, added(spent[name], spent["plain"]), floor)


def _print_added(name: str, more: Spent, floor: Spent) -> None:
    share = more.cpu / floor.cpu
    inside, cpu = more.wall * 1e6, more.cpu * 1e6
    print(f"  {name:<14} +{inside:.0f} µs inside, +{cpu:.0f} µs CPU ({share:+.1%})")


if __name__ == "__main__":
    main()
