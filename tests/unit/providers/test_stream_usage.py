"""The usage of streams: what comes after real counts never spoils them, however it is sent."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import brotli
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.providers.sample_bodies import (
    URLS,
    converse_stream,
    exchange,
    invoke_stream,
    ndjson,
    sse,
)

from understudy.calls import Request, Response
from understudy.providers import default_apis
from understudy.wire import Draft, StreamWatcher
from understudy.wire._answer import answer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Event = dict[str, Any]
APIS = default_apis()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an API streams usage: names of its counts, the event that holds a block, the framing."""

    api: str
    input: str
    output: str
    event: Callable[[Any], Event]
    content: Event
    framing: Callable[..., bytes] = sse
    url: str = ""

    def block(self, counts: tuple[int, int]) -> Event:
        """Return a usage block."""
        return {self.input: counts[0], self.output: counts[1]}

    @property
    def address(self) -> str:
        """Where it is called."""
        return self.url or URLS[self.api]


def _chat(block: Any) -> Event:
    return {"model": "m", "choices": [], "usage": block}


_CHUNK = {"choices": [{"index": 0, "delta": {"content": "a"}}]}
_CANDIDATE = {"candidates": [{"content": {"parts": [{"text": "a"}]}}]}
_DELTA = {"type": "content_block_delta", "index": 0, "delta": {"text": "a"}}
_INVOKE = URLS["bedrock.invoke"] + "-with-response-stream"
DIALECTS = {
    "chat": Dialect("openai.chat", "prompt_tokens", "completion_tokens", _chat, _CHUNK),
    "Groq": Dialect(
        "openai.chat",
        "prompt_tokens",
        "completion_tokens",
        lambda block: {"choices": [], "x_groq": {"usage": block}, "usage": {"prompt_tokens": 0}},
        _CHUNK,
    ),
    "Moonshot": Dialect(
        "openai.chat",
        "prompt_tokens",
        "completion_tokens",
        lambda block: {"choices": [{"index": 0, "delta": {}, "usage": block}]},
        _CHUNK,
    ),
    "completions": Dialect(
        "openai.completions", "prompt_tokens", "completion_tokens", _chat, {"choices": [{}]}
    ),
    "Responses": Dialect(
        "openai.responses",
        "input_tokens",
        "output_tokens",
        lambda block: {"type": "response.completed", "response": {"usage": block}},
        {"type": "response.output_text.delta", "delta": "a"},
    ),
    "Gemini": Dialect(
        "google.generateContent",
        "promptTokenCount",
        "candidatesTokenCount",
        lambda block: {**_CANDIDATE, "usageMetadata": block},
        _CANDIDATE,
    ),
    "Interactions": Dialect(
        "google.interactions",
        "total_input_tokens",
        "total_output_tokens",
        lambda block: {"event_type": "interaction.completed", "interaction": {"usage": block}},
        {"event_type": "step.delta", "delta": {"type": "text", "text": "a"}},
    ),
    "Anthropic": Dialect(
        "anthropic.messages",
        "input_tokens",
        "output_tokens",
        lambda block: {"type": "message_delta", "delta": {}, "usage": block},
        _DELTA,
    ),
    "Anthropic's start": Dialect(
        "anthropic.messages",
        "input_tokens",
        "output_tokens",
        lambda block: {"type": "message_start", "message": {"usage": block}},
        _DELTA,
    ),
    "Cohere 1": Dialect(
        "cohere.chat.v1",
        "input_tokens",
        "output_tokens",
        lambda block: {"event_type": "stream-end", "response": {"meta": {"tokens": block}}},
        {"event_type": "text-generation", "text": "a"},
        ndjson,
    ),
    "Cohere 2": Dialect(
        "cohere.chat.v2",
        "input_tokens",
        "output_tokens",
        lambda block: {"type": "message-end", "delta": {"usage": {"tokens": block}}},
        {"type": "content-delta", "delta": {"message": {"content": {"text": "a"}}}},
    ),
    "Ollama": Dialect(
        "ollama.chat",
        "prompt_eval_count",
        "eval_count",
        lambda block: {"done": True, **(block or {})},
        {"message": {"content": "a"}, "done": False},
        ndjson,
    ),
    "Converse": Dialect(
        "bedrock.converse",
        "inputTokens",
        "outputTokens",
        lambda block: {"metadata": {"usage": block}},
        {"contentBlockDelta": {"delta": {"text": "a"}}},
        converse_stream,
    ),
    "Invoke, Claude": Dialect(
        "bedrock.invoke",
        "input_tokens",
        "output_tokens",
        lambda block: {"type": "message_delta", "delta": {}, "usage": block},
        _DELTA,
        invoke_stream,
        _INVOKE,
    ),
    "Invoke, Llama": Dialect(
        "bedrock.invoke",
        "prompt_token_count",
        "generation_token_count",
        lambda block: {"generation": "", **(block or {})},
        {"generation": "a"},
        invoke_stream,
        _INVOKE,
    ),
    "Invoke, metrics": Dialect(
        "bedrock.invoke",
        "inputTokenCount",
        "outputTokenCount",
        lambda block: {"generation": "", "amazon-bedrock-invocationMetrics": block},
        {"generation": "a"},
        invoke_stream,
        _INVOKE,
    ),
}
TEXTUAL = sorted(name for name, each in DIALECTS.items() if each.framing in (sse, ndjson))
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}
COUNTS = st.tuples(st.integers(1, 10**6), st.integers(1, 10**6))


def body_of(dialect: Dialect, events: Sequence[Event]) -> bytes:
    """Return a stream of these events."""
    return dialect.framing(*events)


@cache
def before_and_after(name: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    """Return what may stand before real counts, and what after them."""
    dialect = DIALECTS[name]
    nothing = [{}, None, dialect.block((0, 0)), {dialect.input: 0}, {dialect.output: 0}]
    no_news = st.sampled_from([dialect.content, *map(dialect.event, nothing)])
    # Of Bedrock's metrics there is one set, and the model's own counts go before it.
    counted = COUNTS.map(dialect.block).map(dialect.event)
    return no_news if name == "Invoke, metrics" else no_news | counted, no_news


@given(
    name=st.sampled_from(sorted(DIALECTS)),
    real=COUNTS,
    encoding=st.sampled_from(sorted(PACKED)),
    size=st.integers(1, 64),
    data=st.data(),
)
@settings(max_examples=100)
def test_a_count_that_was_sent_last_in_good_faith_is_never_lost(
    name: str, real: tuple[int, int], encoding: str, size: int, data: st.DataObject
) -> None:
    """Zeros, empty blocks, null and repetitions anywhere, in any chunks, in any compression."""
    dialect, (before, after) = DIALECTS[name], before_and_after(name)
    counted = dialect.event(dialect.block(real))
    events = [dialect.content, *data.draw(st.lists(before, max_size=6)), counted]
    events += [*data.draw(st.lists(after | st.just(counted), max_size=6)), dialect.content]
    body = PACKED[encoding](body_of(dialect, events))
    headers = {"content-encoding": encoding} if encoding != "identity" else {}

    read = exchange(dialect.address, body, asked={"stream": True}, headers=headers)

    assert read.usage is not None
    assert (read.usage.input_tokens, read.usage.output_tokens) == real
    _watch(dialect, body, headers, size)


def _watch(dialect: Dialect, body: bytes, headers: dict[str, str], size: int) -> None:
    """Feed a watcher the chunks: what it does with them must never raise."""
    recognised = APIS.recognise(Request("POST", dialect.address, {}, b'{"stream": true}'))
    assert recognised is not None
    watcher = StreamWatcher(recognised.api, headers)
    for start in range(0, len(body), size):
        watcher.feed(body[start : start + size])


COUNT = st.sampled_from([None, 0, 0, 1, 7, 7, 500, "x", True, 10**30])
STYLES: dict[str, Callable[[bytes], bytes]] = {
    "compact": bytes,
    "spaced": lambda body: body.replace(b'":', b'" :  '),
    "CRLF": lambda body: body.replace(b"\n", b"\r\n"),
    "more lines": lambda body: body.replace(b"\n", b"\n\n"),
}


@cache
def any_events(name: str) -> st.SearchStrategy[list[Event]]:
    """Return streams whose counts may be anything, readable or not."""
    dialect = DIALECTS[name]
    names = (dialect.input, dialect.output, "total_tokens", "totalTokenCount")
    block = st.fixed_dictionaries({}, optional=dict.fromkeys(names, COUNT))
    some = st.lists(st.just(dialect.content) | block.map(dialect.event), max_size=9)
    return some.map(lambda events: [dialect.content, *events])


@given(name=st.sampled_from(TEXTUAL), style=st.sampled_from(sorted(STYLES)), data=st.data())
@settings(max_examples=100)
def test_the_short_cut_says_what_every_event_says(
    name: str, style: str, data: st.DataObject
) -> None:
    """Of any counts, readable or not; and so do the same events as an array."""
    dialect, events = DIALECTS[name], data.draw(any_events(name))
    asked = Request("POST", dialect.address, {}, b'{"stream": true}')
    recognised = APIS.recognise(asked)
    assert recognised is not None
    body = body_of(dialect, events)

    short = recognised.skim(asked, Response(200, {}, STYLES[style](body)))
    array = recognised.skim(asked, Response(200, {}, json.dumps(events).encode()))
    every = Draft(provider=recognised.provider, headers={}, status=200, operation=short.operation)
    for event in answer_of(Response(200, {}, body), wanted_stream=True).events(None):
        recognised.api.read_event(event, every)

    told = [(each.usage, each.usage_raw, each.reported_cost_usd) for each in (short, array, every)]
    assert told == [told[-1]] * 3
