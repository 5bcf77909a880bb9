"""Gemini: generateContent, embeddings, interactions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.providers.sample_bodies import GEMINI, exchange, sse

from understudy.calls import Operation, ToolCall, Usage
from understudy.providers.google import Gemini, GeminiEmbed, GoogleInteractions
from understudy.providers.google._read_gemini import gemini_usage

STREAM = f"{GEMINI}/gemini-x:streamGenerateContent"


def chunk(text: str, **more: Any) -> dict[str, Any]:
    """Return a chunk of one candidate."""
    reason = {"finishReason": more.pop("reason")} if "reason" in more else {}
    return {"candidates": [{"content": {"parts": [{"text": text}]}, **reason}], **more}


def test_an_answer_is_read() -> None:
    """Thoughts are no text."""
    parts = [
        {"text": "hm", "thought": True},
        {"text": "A"},
        {"functionCall": {"name": "now", "args": {"a": 1}}},
    ]
    answer = {
        "candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 4, "serviceTier": "flex"},
        "modelVersion": "gemini-x-001",
        "responseId": "r1",
    }

    read = exchange(f"{GEMINI}/gemini-x:generateContent", answer)

    assert (read.request_model, read.response_model, read.response_id) == (
        "gemini-x",
        "gemini-x-001",
        "r1",
    )
    assert (read.text, read.tool_calls) == ("A", (ToolCall("now", '{"a": 1}'),))
    assert (read.finish_reason, read.usage, read.service_tier) == ("STOP", Usage(3, 4), "flex")
    assert (read.operation, read.stream) == (Operation.GENERATE_CONTENT, False)


def test_searches_that_cost_beside_the_tokens_are_told_to_the_end_of_a_stream() -> None:
    """One chunk tells them, another the last usage; the others between are not even parsed."""
    usage = {"promptTokenCount": 3, "candidatesTokenCount": 4}
    searched = chunk("A", usageMetadata=usage)
    searched["candidates"][0]["groundingMetadata"] = {
        "webSearchQueries": ["a", "b"],
        "retrievalQueries": ["c"],
    }
    others = [chunk("a", usageMetadata=usage) for _ in range(4)]

    read = exchange(
        STREAM, sse(*others, searched, *others, chunk("", reason="STOP", usageMetadata=usage))
    )

    assert read.usage_raw == {**usage, "server_tools": {"web_search": 2, "retrieval": 1}}


@pytest.mark.parametrize(
    ("block", "usage"),
    [
        (
            {"promptTokenCount": 3, "candidatesTokenCount": 4, "thoughtsTokenCount": 5},
            Usage(3, 9, reasoning_tokens=5),
        ),
        (
            {"promptTokenCount": 3, "toolUsePromptTokenCount": 7, "candidatesTokenCount": 1},
            Usage(10, 1),
        ),
        (
            {"promptTokenCount": 3, "cachedContentTokenCount": 2, "totalTokenCount": 3},
            Usage(3, 0, 2),
        ),
        ({"promptTokenCount": 3, "totalTokenCount": 8}, Usage(3, 5)),
        ({"candidatesTokenCount": 4}, Usage(None, 4)),
        (
            {"promptTokenCount": 3, "candidatesTokenCount": 4, "totalTokenCount": 69},
            Usage(3, 66, reasoning_tokens=62),
        ),
        ({"totalTokenCount": 9}, Usage()),
    ],
    ids=[
        "thoughts",
        "tool prompts",
        "zeros left out",
        "by the total",
        "no prompt",
        "hidden",
        "total alone",
    ],
)
def test_usage_is_made_inclusive(block: dict[str, Any], usage: Usage) -> None:
    """Thoughts stand outside the candidates, zeros are left out."""
    assert gemini_usage(block) == usage


@pytest.mark.parametrize("as_array", [True, False])
def test_the_last_usage_of_a_stream_is_the_truth(as_array: bool) -> None:  # noqa: FBT001
    """It replaces the ones before as a whole; the stream is SSE or one long array."""
    chunks = [
        chunk("a", usageMetadata={"promptTokenCount": 3, "candidatesTokenCount": 1}),
        chunk("b", usageMetadata={"promptTokenCount": 3, "thoughtsTokenCount": 2}),
        chunk("c"),
        chunk("d"),
        chunk("e", reason="MAX_TOKENS"),
    ]
    body = json.dumps(chunks, indent=1).encode() if as_array else sse(*chunks)

    read = exchange(STREAM, body)

    assert (read.text, read.finish_reason, read.complete) == ("abcde", "MAX_TOKENS", True)
    assert (read.usage, read.stream) == (Usage(3, 2, reasoning_tokens=2), True)


@pytest.mark.parametrize("as_array", [True, False])
def test_usage_after_which_nothing_is_told_stays(as_array: bool) -> None:  # noqa: FBT001
    """Empty blocks, and one of the prompt alone, say nothing more."""
    whole = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
    prompt = {"promptTokenCount": 10, "totalTokenCount": 10}
    blocks = [prompt, {}, whole, {}, {}, prompt, {}]
    chunks = [chunk("a", usageMetadata=block) for block in blocks]

    read = exchange(STREAM, json.dumps(chunks).encode() if as_array else sse(*chunks))

    assert read.usage == Usage(10, 5)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"candidates": [{"finishReason": 2}]}, "MAX_TOKENS"),
        ({"candidates": [{"finishReason": 99}]}, None),
        ({"promptFeedback": {"blockReason": "SAFETY"}}, "SAFETY"),
    ],
)
def test_finish_reasons_may_be_numbers_or_blocks(answer: Any, reason: str | None) -> None:
    """`enum-encoding=int` and refused prompts."""
    assert exchange(f"{GEMINI}/gemini-x:generateContent", answer).finish_reason == reason


def test_an_error_in_an_array_is_no_stream() -> None:
    """A refused stream answers so."""
    error = [{"error": {"code": 404, "message": "no such model", "status": "NOT_FOUND"}}]

    read = exchange(STREAM, error, status=404)

    assert (read.error_type, read.error, read.stream) == ("NOT_FOUND", "no such model", False)


@pytest.mark.parametrize(
    ("part", "is_content"),
    [
        ({"text": "a"}, True),
        ({"text": "a", "thought": True}, True),
        ({"functionCall": {"name": "f"}}, True),
        ({"text": ""}, False),
        ({"thoughtSignature": "abc"}, False),
    ],
)
def test_content_is_a_part_that_holds_something(part: Any, is_content: bool) -> None:  # noqa: FBT001
    """Signatures are nothing."""
    event = {"candidates": [{"content": {"parts": [part]}}]}

    assert Gemini().has_content(event) is is_content


@pytest.mark.parametrize(
    ("url", "answer", "usage"),
    [
        (f"{GEMINI}/e-1:embedContent", {"usageMetadata": {"promptTokenCount": 4}}, Usage(4, 0)),
        (f"{GEMINI}/e-1:batchEmbedContents", {"embeddings": []}, None),
        (
            "https://us-aiplatform.googleapis.com/v1/publishers/google/models/embedding-1:predict",
            {"predictions": [{"embeddings": {"statistics": {"token_count": n}}} for n in (2, 3)]},
            Usage(5),
        ),
    ],
)
def test_embeddings_are_read(url: str, answer: Any, usage: Usage | None) -> None:
    """At Google with or without usage, on Vertex for each text."""
    model = url.rpartition("/")[2].partition(":")[0]

    read = exchange(url, answer)

    assert (read.wire_api, read.operation) == ("google.embed", Operation.EMBEDDINGS)
    assert (read.usage, read.request_model) == (usage, model)
    assert not GeminiEmbed().has_content(answer)


INTERACTIONS = "https://generativelanguage.googleapis.com/v1beta/interactions"
I_USAGE = {
    "total_input_tokens": 10,
    "total_tool_use_tokens": 5,
    "total_output_tokens": 3,
    "total_thought_tokens": 7,
    "total_cached_tokens": 2,
}


@pytest.mark.parametrize(
    "said",
    [
        {"steps": [{"type": "thought"}, {"content": [{"type": "text", "text": "A"}]}]},
        {"outputs": [{"type": "text", "text": "A"}]},
    ],
)
def test_an_interaction_is_read(said: dict[str, Any]) -> None:
    """Steps now, outputs before."""
    read = exchange(INTERACTIONS, {"id": "i", "model": "g", "usage": I_USAGE, **said})

    assert (read.text, read.response_id, read.response_model) == ("A", "i", "g")
    assert read.usage == Usage(15, 10, 2, reasoning_tokens=7)


def test_a_streamed_interaction_is_put_together() -> None:
    """The last event tells the usage."""
    call = {"type": "function_call", "id": "f", "name": "now", "arguments": {}}
    body = sse(
        {"event_type": "interaction.created", "interaction": {"id": "i", "model": "g"}},
        {"event_type": "step.delta", "delta": {"type": "text", "text": "A"}},
        {"event_type": "step.delta", "delta": call},
        {"event_type": "interaction.completed", "interaction": {"usage": I_USAGE}},
    )

    read = exchange(INTERACTIONS, body, asked={"model": "g", "stream": True})

    assert (read.text, read.tool_calls) == ("A", (ToolCall("now", "{}", "f"),))
    assert (read.complete, read.response_model) == (True, "g")
    assert read.usage == Usage(15, 10, 2, reasoning_tokens=7)


def test_streamed_function_calls_of_an_interaction_are_put_together() -> None:
    """Each begins with its name, and its arguments come in pieces."""

    def piece(index: int, arguments: str) -> dict[str, Any]:
        delta = {"type": "arguments_delta", "arguments": arguments}
        return {"event_type": "step.delta", "index": index, "delta": delta}

    def begun(index: int, name: str, arguments: Any) -> dict[str, Any]:
        step = {"type": "function_call", "id": name, "name": name, "arguments": arguments}
        return {"event_type": "step.start", "index": index, "step": step}

    body = sse(
        {"event_type": "interaction.created", "interaction": {"id": "i", "model": "g"}},
        begun(0, "now", {}),
        piece(0, '{"zone": '),
        piece(0, '"UTC"}'),
        begun(1, "stop", {"at": 1}),
        {"event_type": "interaction.completed", "interaction": {"usage": I_USAGE}},
    )

    read = exchange(INTERACTIONS, body, asked={"model": "g", "stream": True})

    assert read.tool_calls == (
        ToolCall("now", '{"zone": "UTC"}', "now"),
        ToolCall("stop", '{"at": 1}', "stop"),
    )


@pytest.mark.parametrize(
    ("delta", "is_content"),
    [
        ({"type": "text", "text": "a"}, True),
        ({"type": "thought_summary", "content": "a"}, True),
        ({"type": "thought_signature", "signature": "a"}, False),
        ({}, False),
    ],
)
def test_content_of_interactions_is_a_delta(delta: Any, is_content: bool) -> None:  # noqa: FBT001
    """But for signatures."""
    assert GoogleInteractions().has_content({"delta": delta}) is is_content


def test_other_interactions_are_no_calls() -> None:
    """An application may have a path like that."""
    url = "http://testserver/interactions"

    assert exchange(url, {}, asked={"clicks": 3}).operation is None
    assert exchange(url, {}, asked={"model": "g", "input": "a"}).operation is not None
