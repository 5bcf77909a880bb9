"""Anthropic's Messages and text completions."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import ANTHROPIC, exchange, sse

from understudy.calls import Operation, ToolCall, Usage
from understudy.providers.anthropic import AnthropicComplete, AnthropicMessages

START = {
    "type": "message_start",
    "message": {
        "id": "m1",
        "model": "claude-x-2025",
        "stop_reason": None,
        "usage": {
            "input_tokens": 10,
            "cache_read_input_tokens": 100,
            "cache_creation_input_tokens": 20,
            "cache_creation": {"ephemeral_1h_input_tokens": 15},
            "output_tokens": 1,
            "service_tier": "standard",
        },
    },
}
VERTEX = "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic"


def text_delta(text: str) -> dict[str, Any]:
    """Return a piece of text."""
    return {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": text},
    }


def end(**usage: Any) -> list[dict[str, Any]]:
    """Return the events that a stream ends with."""
    delta = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage}
    return [delta, {"type": "message_stop"}]


def test_a_message_is_read() -> None:
    """Cached input is added to the input; thinking is no text."""
    answer = {
        "id": "m1",
        "type": "message",
        "model": "claude-x-2025",
        "stop_reason": "tool_use",
        "content": [
            {"type": "thinking", "thinking": "hm"},
            {"type": "text", "text": "A"},
            {"type": "tool_use", "id": "t", "name": "now", "input": {"a": 1}},
        ],
        "usage": {
            "input_tokens": 3,
            "cache_read_input_tokens": 4,
            "cache_creation_input_tokens": 5,
            "output_tokens": 6,
            "output_tokens_details": {"thinking_tokens": 2},
        },
    }

    read = exchange(ANTHROPIC, answer, asked={"model": "claude-x"})

    assert read.usage == Usage(12, 6, 4, 5, reasoning_tokens=2)
    assert (read.text, read.tool_calls) == ("A", (ToolCall("now", '{"a": 1}', "t"),))
    assert (read.finish_reason, read.operation) == ("tool_use", Operation.CHAT)


def test_a_compaction_is_added_and_nothing_else() -> None:
    """Whole and streamed: the top level holds the messages, an advisor's tokens are another's."""
    steps = [
        {"type": "compaction", "input_tokens": 180_000, "output_tokens": 3_500},
        {"type": "message", "input_tokens": 23_000, "output_tokens": 1_000},
        {"type": "advisor_message", "model": "c", "input_tokens": 7, "output_tokens": 7},
        {"type": "compaction", "cache_read_input_tokens": 9, "input_tokens": 1},
    ]
    usage = {"input_tokens": 23_000, "output_tokens": 1_000, "iterations": steps}

    whole = exchange(ANTHROPIC, {"type": "message", "content": [], "usage": usage})
    streamed = exchange(ANTHROPIC, sse({**START, "message": {}}, *end(**usage), *end(**usage)))

    assert whole.usage == streamed.usage == Usage(203_010, 4_500, 9)


def test_running_totals_are_laid_over_never_added() -> None:
    """What the last event does not repeat stands; null does not erase."""
    body = sse(START, text_delta("a"), *end(output_tokens=40, cache_read_input_tokens=None))

    read = exchange(ANTHROPIC, body)

    assert read.usage == Usage(130, 40, 100, 20, 15)
    assert read.usage_raw is not None
    assert read.usage_raw["output_tokens"] == 40
    assert (read.finish_reason, read.complete, read.service_tier) == ("end_turn", True, "standard")


@pytest.mark.parametrize(
    ("start", "delta", "usage"),
    [
        ({"input_tokens": 15}, {"input_tokens": 0}, Usage(15, 20)),
        (
            {"input_tokens": 15, "cache_read_input_tokens": 1200},
            {"input_tokens": 0, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0},
            Usage(1215, 20, 1200, 0),
        ),
        (
            {"input_tokens": 15, "cache_read_input_tokens": 1200},
            {"input_tokens": 15, "cache_read_input_tokens": 0},
            Usage(1215, 20, 1200),
        ),
        (
            {"input_tokens": 123, "cache_read_input_tokens": 0},
            {"input_tokens": 23, "cache_read_input_tokens": 100},
            Usage(123, 20, 100),
        ),
        (
            {"input_tokens": 23, "cache_read_input_tokens": 100},
            {"input_tokens": 123, "cache_read_input_tokens": 0},
            Usage(123, 20, 0),
        ),
        ({"input_tokens": 0}, {"input_tokens": 123}, Usage(123, 20)),
        ({"input_tokens": 15}, {"input_tokens": "many"}, Usage(15, 20)),
        (
            {"cache_creation_input_tokens": 9, "cache_creation": {"ephemeral_1h_input_tokens": 9}},
            {"input_tokens": 0, "cache_creation": {"ephemeral_1h_input_tokens": 0}},
            Usage(9, 20, None, 9, 9),
        ),
    ],
    ids=[
        "0 after a count",
        "zeros after counts with cache",
        "cache lost",
        "the same split otherwise",
        "and back",
        "counted at the end",
        "unreadable",
        "writes",
    ],
)
def test_the_input_of_a_stream_is_the_last_that_was_counted(
    start: dict[str, Any], delta: dict[str, Any], usage: Usage
) -> None:
    """What is 0 says nothing beside a count that is known, unless the input is split otherwise."""
    message = {"id": "m", "model": "c", "usage": {"output_tokens": 1, **start}}

    read = exchange(
        ANTHROPIC,
        sse({"type": "message_start", "message": message}, *end(output_tokens=20, **delta)),
    )

    assert read.usage == usage


def test_a_tool_call_is_put_together_from_its_pieces() -> None:
    """By the index of its block; text stands in other blocks."""

    def piece(json: str) -> dict[str, Any]:
        delta = {"type": "input_json_delta", "partial_json": json}
        return {"type": "content_block_delta", "index": 1, "delta": delta}

    block = {"type": "tool_use", "id": "t", "name": "add", "input": {}}
    body = sse(
        START,
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "A"}},
        text_delta("B"),
        {"type": "content_block_start", "index": 1, "content_block": block},
        piece('{"a"'),
        piece(":1}"),
        *end(output_tokens=9),
    )

    read = exchange(ANTHROPIC, body)

    assert (read.text, read.tool_calls) == ("AB", (ToolCall("add", '{"a":1}', "t"),))


def test_a_message_is_whole_when_its_stop_reason_is_told() -> None:
    """So litellm reads no further."""
    stop_reason, _ = end(output_tokens=1)

    read = exchange(ANTHROPIC, sse(START, text_delta("a"), stop_reason))

    assert (read.complete, read.finish_reason) == (True, "end_turn")


def test_an_error_in_a_stream_is_told() -> None:
    """The status was 200 by then."""
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}

    read = exchange(ANTHROPIC, sse(START, text_delta("a"), error))

    assert (read.error_type, read.error, read.complete) == ("overloaded_error", "Overloaded", False)


@pytest.mark.parametrize(
    ("event", "is_content"),
    [
        (START, False),
        ({"type": "ping"}, False),
        ({"type": "content_block_start", "content_block": {"type": "text", "text": ""}}, False),
        (text_delta("a"), True),
        ({"type": "content_block_delta", "delta": {"thinking": "a"}}, True),
        ({"type": "content_block_delta", "delta": {"type": "input_json_delta"}}, True),
        ({"type": "content_block_delta", "delta": {"type": "signature_delta"}}, False),
    ],
)
def test_content_is_a_delta_of_a_block(event: dict[str, Any], is_content: bool) -> None:  # noqa: FBT001
    """Of text, thoughts or arguments."""
    assert AnthropicMessages().has_content(event) is is_content


@pytest.mark.parametrize(
    ("url", "asked", "provider", "model"),
    [
        (f"{VERTEX}/models/claude-x:rawPredict", {}, "vertex", "claude-x"),
        (f"{VERTEX}/models/claude-x:streamRawPredict", {}, "vertex", "claude-x"),
        ("http://localhost:3000/router/anthropic/v1/messages", None, "localhost:3000", "c"),
        ("https://x.services.ai.azure.com/anthropic/v1/messages", None, "azure", "c"),
    ],
)
def test_other_hosts_speak_it(
    url: str, asked: dict[str, Any] | None, provider: str, model: str
) -> None:
    """By path, and by the body where others have such a path."""
    read = exchange(url, {}, asked={"model": "c", "messages": []} if asked is None else asked)

    assert (read.wire_api, read.operation) == ("anthropic.messages", Operation.CHAT)
    assert (read.provider, read.request_model) == (provider, model)


@pytest.mark.parametrize(
    "url",
    [
        "http://testserver/messages",
        "https://api.openai.com/v1/threads/thread_1/messages",
        "https://api.anthropic.com/v1/messages/count_tokens",
        f"{VERTEX}/models/count-tokens:rawPredict",
    ],
)
def test_other_messages_are_no_calls(url: str) -> None:
    """An application's own, OpenAI's threads, counting."""
    assert exchange(url, {}, asked={"text": "hi"}).operation is None


def test_text_completions_never_tell_usage() -> None:
    """Text and stop reason are all."""
    url = "https://api.anthropic.com/v1/complete"
    answer = {"completion": " a", "stop_reason": "stop_sequence", "model": "claude-2", "id": "c"}

    whole = exchange(url, answer, asked={"model": "claude-2"})
    streamed = exchange(url, sse({"completion": " "}, {**answer, "completion": "b"}))

    assert (whole.text, whole.finish_reason, whole.usage) == (" a", "stop_sequence", None)
    assert (streamed.text, streamed.complete, streamed.response_id) == (" b", True, "c")
    assert AnthropicComplete().has_content(answer)


def test_text_completions_behind_a_gateway_are_known_by_their_body() -> None:
    """Others have a /complete too."""
    url = "http://localhost:1/v1/complete"

    assert exchange(url, {}, asked={"max_tokens_to_sample": 1}).operation is not None
    assert exchange(url, {}, asked={"prompt": ""}).operation is None
