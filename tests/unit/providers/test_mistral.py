"""Mistral's conversations."""

from __future__ import annotations

import pytest
from tests.unit.providers.sample_bodies import exchange, sse

from understudy.calls import Operation, Request, ToolCall, Usage
from understudy.providers import default_apis

V1 = "https://api.mistral.ai/v1"
USAGE = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}
CONNECTORS = {**USAGE, "connectors": {"web_search": 1}}
ANSWER = {
    "object": "conversation.response",
    "conversation_id": "conv_1",
    "outputs": [
        {"type": "tool.execution", "name": "web_search"},
        {
            "type": "message.output",
            "model": "mistral-medium-2508",
            "content": [{"type": "text", "text": "Hel"}, {"type": "tool_reference"}],
        },
        {"type": "message.output", "content": "lo"},
        {"type": "function.call", "tool_call_id": "t1", "name": "now", "arguments": "{}"},
    ],
    "usage": CONNECTORS,
}


@pytest.mark.parametrize("place", ["", "/conv_1", "/conv_1/restart"])
def test_a_turn_of_a_conversation_is_a_call(place: str) -> None:
    """What begins one, goes on with it or goes back."""
    read = exchange(f"{V1}/conversations{place}", ANSWER, asked={"agent_id": "a", "inputs": "Hi"})

    assert (read.wire_api, read.operation) == ("mistral.conversations", Operation.CHAT)
    assert (read.response_model, read.response_id) == ("mistral-medium-2508", "conv_1")
    assert (read.text, read.tool_calls) == ("Hello", (ToolCall("now", "{}", "t1"),))
    assert (read.usage, read.usage_raw) == (Usage(20, 5), CONNECTORS)


def test_a_stream_tells_the_usage_at_its_end() -> None:
    """Text and arguments in pieces before."""
    body = sse(
        {"type": "conversation.response.started", "conversation_id": "conv_1"},
        {"type": "message.output.delta", "model": "mistral-medium-2508", "content": "Hel"},
        {"type": "message.output.delta", "content": {"type": "text", "text": "lo"}},
        {"type": "function.call.delta", "tool_call_id": "t1", "name": "now", "arguments": "{"},
        {"type": "function.call.delta", "tool_call_id": "t1", "name": "now", "arguments": "}"},
        {"type": "conversation.response.done", "usage": USAGE},
    )

    read = exchange(f"{V1}/conversations", body, asked={"model": "m", "stream": True})

    assert (read.response_model, read.response_id) == ("mistral-medium-2508", "conv_1")
    assert (read.text, read.tool_calls) == ("Hello", (ToolCall("now", "{}", "t1"),))
    assert (read.usage, read.complete) == (Usage(20, 5), True)


@pytest.mark.parametrize(
    ("url", "body", "is_call"),
    [
        (f"{V1}/conversations", b"{}", True),
        ("http://127.0.0.1:9/v1/conversations", b'{"inputs": "Hi"}', True),
        ("http://127.0.0.1:9/v1/conversations", b'{"items": []}', False),
        ("https://api.openai.com/v1/conversations", b'{"items": []}', False),
        ("https://api.openai.com/v1/conversations/conv_1/items", b'{"items": []}', False),
        (f"{V1}/conversations/conv_1/history", b"{}", False),
    ],
)
def test_openais_conversations_only_keep_state(url: str, body: bytes, *, is_call: bool) -> None:
    """Nothing is asked there."""
    recognised = default_apis().recognise(Request("POST", url, {}, body))

    assert (recognised is not None) is is_call
