"""OpenAI chat completions and their dialects."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import OPENAI_CHAT, exchange, sse

from understudy.calls import Operation, ToolCall, Usage
from understudy.providers.openai import OpenAIChat


def chunk(delta: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return a chunk with one choice."""
    choice = {"index": 0, "delta": delta or {}, "finish_reason": more.pop("finish_reason", None)}
    return {"id": "c1", "model": "m-2024", "choices": [choice], **more}


ANSWER = {
    "id": "c1",
    "model": "gpt-4o-2024",
    "service_tier": "default",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}},
        {"index": 1, "finish_reason": "length", "message": {"content": "Ho"}},
    ],
    "usage": {
        "prompt_tokens": 9,
        "completion_tokens": 4,
        "total_tokens": 13,
        "prompt_tokens_details": {"cached_tokens": 2},
        "completion_tokens_details": {"reasoning_tokens": 1},
    },
}


def test_an_answer_is_read_whole() -> None:
    """Of several choices the first counts."""
    read = exchange(OPENAI_CHAT, ANSWER, asked={"model": "gpt-4o"})

    assert (read.provider, read.wire_api, read.operation) == (
        "openai",
        "openai.chat",
        Operation.CHAT,
    )
    assert (read.request_model, read.response_model, read.response_id) == (
        "gpt-4o",
        "gpt-4o-2024",
        "c1",
    )
    assert (read.finish_reason, read.text, read.service_tier) == ("stop", "Hi", "default")
    assert read.usage == Usage(9, 4, cache_read_tokens=2, reasoning_tokens=1)
    assert read.usage_raw == ANSWER["usage"]
    assert (read.stream, read.complete) == (False, True)


def test_a_stream_is_put_together() -> None:
    """Text of the first choice, usage of the last chunk, an id and a model of the first."""
    body = sse(
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": "Hel"}),
        {"choices": [{"index": 1, "delta": {"content": "other"}}]},
        chunk({"content": "lo"}),
        chunk(finish_reason="stop"),
        {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
        done=True,
    )

    read = exchange(OPENAI_CHAT, body, asked={"model": "gpt-4o", "stream": True})

    assert (read.text, read.finish_reason, read.response_model) == ("Hello", "stop", "m-2024")
    assert read.usage == Usage(3, 2)
    assert (read.stream, read.complete) == (True, True)


def test_a_stream_without_usage_has_none() -> None:
    """Unknown is not zero."""
    read = exchange(OPENAI_CHAT, sse(chunk({"content": "x"}), done=True))

    assert (read.usage, read.usage_raw, read.complete) == (None, None, True)


def test_a_stream_that_was_cut_off_is_not_complete() -> None:
    """Neither [DONE] nor a finish reason came."""
    read = exchange(OPENAI_CHAT, sse(chunk({"content": "x"}), chunk({"content": "y"})))

    assert (read.complete, read.text) == (False, "xy")


def test_tool_calls_are_put_together_from_their_pieces() -> None:
    """By their index."""

    def piece(index: int, arguments: str, **more: Any) -> dict[str, Any]:
        function = {"arguments": arguments, **({"name": more["name"]} if "name" in more else {})}
        return {"index": index, "function": function, "id": more.get("id")}

    body = sse(
        chunk({"tool_calls": [piece(0, "", name="add", id="t0")]}),
        chunk({"tool_calls": [piece(1, "{}", name="now", id="t1")]}),
        chunk({"tool_calls": [piece(0, '{"a":')]}),
        chunk({"tool_calls": [piece(0, "1}")]}, finish_reason="tool_calls"),
    )

    read = exchange(OPENAI_CHAT, body)

    assert read.tool_calls == (ToolCall("add", '{"a":1}', "t0"), ToolCall("now", "{}", "t1"))
    assert read.text is None


@pytest.mark.parametrize(
    ("message", "text", "tools"),
    [
        ({"content": [{"type": "thinking"}, {"type": "text", "text": "a"}]}, "a", ()),
        ({"content": None, "refusal": "no"}, "no", ()),
        ({"function_call": {"name": "f", "arguments": "{}"}}, None, (ToolCall("f", "{}"),)),
        ({"function_call": {"name": "", "arguments": ""}}, None, ()),
        (
            {"tool_calls": [{"index": 0, "function": {"name": n}} for n in "fg"]},
            None,
            (ToolCall("f", ""), ToolCall("g", "")),
        ),
        (
            {"tool_calls": [{"id": "t", "custom": {"name": "f", "input": "x"}}]},
            None,
            (ToolCall("f", "x", "t"),),
        ),
    ],
    ids=["parts", "refusal", "legacy function", "none", "one place for all", "custom tool"],
)
def test_messages_come_in_several_shapes(
    message: dict[str, Any], text: str | None, tools: tuple[ToolCall, ...]
) -> None:
    """Text parts, refusals, functions of the first API, custom tools."""
    read = exchange(OPENAI_CHAT, {"choices": [{"message": message}]})

    assert (read.text, read.tool_calls) == (text, tools)


@pytest.mark.parametrize(
    ("event", "usage"),
    [
        (chunk(x_groq={"usage": {"prompt_tokens": 5, "completion_tokens": 6}}), Usage(5, 6)),
        (
            {"choices": [{"index": 0, "usage": {"prompt_tokens": 5, "completion_tokens": 6}}]},
            Usage(5, 6),
        ),
        (chunk(finish_reason="stop", usage={"prompt_tokens": 5}), Usage(5)),
    ],
    ids=["Groq", "Moonshot", "llama.cpp"],
)
def test_usage_of_a_stream_stands_in_several_places(event: dict[str, Any], usage: Usage) -> None:
    """Wherever it comes, it is found."""
    body = sse(*[chunk({"content": "x"})] * 5, event, *[chunk()] * 5)

    assert exchange(OPENAI_CHAT, body).usage == usage


REAL = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14, "cost": 0.25}
ZEROS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "cost": 0}


@pytest.mark.parametrize(
    ("blocks", "usage"),
    [
        ([REAL, ZEROS], Usage(9, 5)),
        ([REAL, *[{}] * 5, None], Usage(9, 5)),
        ([REAL, {"prompt_tokens": 9, "completion_tokens": 0, "total_tokens": 9}], Usage(9, 5)),
        ([REAL, {"prompt_tokens": 0, "completion_tokens": 7, "total_tokens": 7}], Usage(9, 7)),
        ([REAL, {"prompt_tokens": 8, "completion_tokens": 4, "cost": 0.25}], Usage(8, 4)),
        ([{"prompt_tokens": 9}, {"completion_tokens": 5, "cost": 0.25}], Usage(9, 5)),
    ],
    ids=["zeros", "empty", "no output", "no input", "counted afresh", "in two halves"],
)
def test_usage_of_a_stream_is_the_last_that_was_counted(blocks: list[Any], usage: Usage) -> None:
    """A whole block replaces the ones before; of any other what is 0 changes nothing."""
    body = sse(*[chunk({"content": "x"}, usage=block) for block in blocks], done=True)

    read = exchange(OPENAI_CHAT, body)

    assert (read.usage, read.reported_cost_usd) == (usage, 0.25)


@pytest.mark.parametrize(
    ("delta", "is_content"),
    [
        ({"role": "assistant", "content": ""}, False),
        ({"content": "a"}, True),
        ({"reasoning_content": "a"}, True),
        ({"reasoning": "a"}, True),
        ({"refusal": "a"}, True),
        ({"tool_calls": [{"index": 0}]}, True),
        ({"tool_calls": [{"index": 0, "function": {"name": "", "arguments": ""}}]}, False),
        ({"function_call": {"name": "", "arguments": ""}}, False),
        ({"function_call": {"name": "f", "arguments": ""}}, True),
        ({}, False),
    ],
)
def test_content_is_more_than_a_role(delta: dict[str, Any], is_content: bool) -> None:  # noqa: FBT001
    """Text, reasoning, refusals and tool calls count."""
    assert OpenAIChat().has_content(chunk(delta)) is is_content


@pytest.mark.parametrize(
    ("url", "provider", "model"),
    [
        ("https://x.openai.azure.com/openai/deployments/d%201/chat/completions", "azure", "d 1"),
        ("https://api.groq.com/openai/v1/chat/completions", "groq", None),
        ("http://localhost:8000/v1/chat/completions", "local", None),
        ("http://localhost:11434/v1/chat/completions", "ollama", None),
        ("http://gateway.test:1/team/openai/v1/chat/completions/", "gateway.test:1", None),
        ("https://api.writer.com/v1/chat", "writer", None),
    ],
)
def test_many_hosts_speak_it(url: str, provider: str, model: str | None) -> None:
    """By the path; Azure's names the model."""
    read = exchange(url, ANSWER)

    assert (read.wire_api, read.provider, read.request_model) == ("openai.chat", provider, model)
    assert read.operation is Operation.CHAT


@pytest.mark.parametrize(
    "url",
    [
        "https://x.cloud.databricks.com/serving-endpoints/llama/invocations",
        "https://us-central1-aiplatform.googleapis.com/v1/publishers/mistralai/models/m:rawPredict",
        "https://us-central1-aiplatform.googleapis.com/v1/publishers/ai21/models/m:rawPredict",
    ],
)
def test_some_paths_need_the_body_to_tell(url: str) -> None:
    """The same path serves other things too."""
    told = exchange(url, ANSWER, asked={"messages": []})
    other = exchange(url, ANSWER, asked={"inputs": []})

    assert (told.operation, other.operation) == (Operation.CHAT, None)
