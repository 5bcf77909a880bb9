"""What holds for any bytes."""

from __future__ import annotations

import dataclasses
import json
import math
from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.providers.sample_bodies import URLS, invoke_stream

from understudy.calls import Exchange, Request, Response
from understudy.events import CallEvent
from understudy.providers import default_apis
from understudy.wire import Draft, WireApi
from understudy.wire._content import Content

APIS = default_apis()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ASKED = b'{"model": "m", "messages": [], "prompt": "", "n_predict": 8, "stream": true}'
REQUESTS = {name: Request("POST", url, {}, ASKED) for name, url in URLS.items()}
# The words of all wire APIs, so that what is drawn looks like something.
VOCABULARY = """
id model type index role content text parts delta message choices usage error code
finish_reason stop_reason prompt_tokens completion_tokens total_tokens input_tokens
output_tokens cost cache_read_input_tokens cache_creation_input_tokens cache_creation
ephemeral_1h_input_tokens prompt_tokens_details cached_tokens reasoning_tokens candidates
usageMetadata finishReason promptTokenCount candidatesTokenCount thoughtsTokenCount
cachedContentTokenCount iterations compaction completion_tokens_details
output_tokens_details thinking_tokens total_tokens totalTokenCount
response output item tool_calls function name arguments tokens
billed_units meta done eval_count metadata contentBlockDelta messageStop inputTokens
outputTokens cacheReadInputTokens bytes event_type interaction steps results generation
service_tier x_groq tool_use functionCall message_start message_delta message_stop
content_block_delta content_block_start response.completed message-end stream-end
content_block toolUse input args
timings prompt_n cache_n predicted_n prompt_ms predicted_ms stats result total_duration
load_duration eval_duration generation_time tokens_per_second total_output_tokens
completion_time x_groq time_info
load_time_seconds generation_time_ms timing_token_generation stop tokens_evaluated tokens_predicted
"""
WORDS = st.sampled_from(VOCABULARY.split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)
OBJECTS = st.dictionaries(WORDS, VALUES, max_size=6)


def read(wire_api: str, body: bytes, *, status: int = 200) -> Exchange:
    """Read an answer to a call of that wire API."""
    recognised = APIS.recognise(REQUESTS[wire_api])
    assert recognised is not None
    assert recognised.api.wire_api == wire_api
    return recognised.read(REQUESTS[wire_api], Response(status, {}, body))


def event_of(exchange: Exchange) -> CallEvent:
    """Book an exchange, whose counts must hold together: a part is no more than its whole."""
    usage = dataclasses.asdict(exchange.usage) if exchange.usage else {}
    if exchange.usage and exchange.usage.output_tokens is not None:
        assert (exchange.usage.reasoning_tokens or 0) <= exchange.usage.output_tokens
    names = ("finish_reason", "response_model", "service_tier", "reported_cost_usd", "error_type")
    told = {name: getattr(exchange, name) for name in names}
    return CallEvent(event_id="e", ts=NOW, call_id="c", **usage, **told)


@given(body=st.binary(), status=st.integers(100, 599))
@settings(max_examples=25)
def test_any_bytes_can_be_read(body: bytes, status: int) -> None:
    """Nothing raises, and everything can be booked."""
    for wire_api in REQUESTS:
        event_of(read(wire_api, body, status=status))


@given(events=st.lists(OBJECTS, max_size=4))
@settings(max_examples=60)
def test_apis_take_objects_of_any_shape(events: list[dict[str, Any]]) -> None:
    """On their own, without the guard around the APIs of others."""
    for api in APIS.ordered:
        draft = Draft(provider="openai", headers={}, status=200, content=Content())
        for event in events:
            api.read_answer(event, draft)
            api.read_event(event, draft)
            api.asked(_target(api), event)
            assert api.has_content(event) in (True, False), api.wire_api


def _target(api: WireApi) -> Any:
    recognised = APIS.recognise(REQUESTS[api.wire_api])
    assert recognised is not None
    return recognised.target


@given(answer=OBJECTS)
@settings(max_examples=40)
@example(answer={"usage": {"prompt_tokens": 1, "cached_tokens": 5, "input_tokens": -1}})
@example(answer={"usage": {"input_tokens": math.inf, "output_tokens": True, "cost": math.nan}})
def test_any_answer_can_be_booked(answer: dict[str, Any]) -> None:
    """Impossible counts become unknown."""
    body = json.dumps(answer).encode()
    for wire_api in REQUESTS:
        event_of(read(wire_api, body))


@given(events=st.lists(OBJECTS, max_size=5))
@settings(max_examples=40)
def test_any_invoke_stream_can_be_booked(events: list[dict[str, Any]]) -> None:
    """Each family of models has its own shape."""
    event_of(read("bedrock.invoke", invoke_stream(*events)))
