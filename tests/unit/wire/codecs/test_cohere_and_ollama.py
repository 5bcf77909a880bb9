"""Cohere's APIs, Ollama's API, and calls that no codec reads."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.wire.sample_bodies import exchange, ndjson, sse

from understudy.calls import Operation, ToolCall, Usage
from understudy.wire.codecs import (
    CohereChatV1,
    CohereChatV2,
    CohereEmbed,
    CohereGenerateV1,
    OllamaChat,
    OllamaEmbed,
    OllamaGenerate,
    Unread,
)

COHERE = "https://api.cohere.com"
OLLAMA = "http://localhost:11434/api"
BLOCK = {
    "billed_units": {"input_tokens": 3, "output_tokens": 4},
    "tokens": {"input_tokens": 60.0, "output_tokens": 5.0},
    "cached_tokens": 50,
}


def test_tokens_count_and_billed_units_stay_in_the_raw_block() -> None:
    """They set the cost."""
    message = {"content": [{"type": "text", "text": "A"}]}
    answer = {"id": "c", "finish_reason": "COMPLETE", "message": message, "usage": BLOCK}

    read = exchange(f"{COHERE}/v2/chat", answer, asked={"model": "command"})

    assert (read.usage, read.usage_raw) == (Usage(60, 5, 50), BLOCK)
    assert (read.wire_api, read.text, read.finish_reason) == ("cohere.chat.v2", "A", "COMPLETE")


def test_a_stream_of_the_second_api_is_put_together() -> None:
    """From server-sent events."""

    def piece(kind: str, message: dict[str, Any]) -> dict[str, Any]:
        return {"type": kind, "index": 0, "delta": {"message": message}}

    function = {"name": "now", "arguments": ""}
    body = sse(
        {"type": "message-start", "id": "c"},
        piece("content-delta", {"content": {"text": "A"}}),
        piece("tool-call-start", {"tool_calls": {"id": "t", "function": function}}),
        piece("tool-call-delta", {"tool_calls": {"function": {"arguments": "{}"}}}),
        {"type": "message-end", "delta": {"finish_reason": "TOOL_CALL", "usage": BLOCK}},
    )

    read = exchange(f"{COHERE}/v2/chat", body, asked={"stream": True})

    assert (read.text, read.tool_calls) == ("A", (ToolCall("now", "{}", "t"),))
    assert (read.usage, read.finish_reason, read.complete) == (Usage(60, 5, 50), "TOOL_CALL", True)


def test_an_error_within_a_stream_of_the_second_api_is_read() -> None:
    """The last event tells it."""
    body = sse(
        {"type": "message-start", "id": "c"},
        {"type": "message-end", "delta": {"finish_reason": "ERROR", "error": "out of capacity"}},
    )

    read = exchange(f"{COHERE}/v2/chat", body, asked={"stream": True})

    assert (read.error, read.error_type, read.finish_reason) == (
        "out of capacity",
        "ERROR",
        "ERROR",
    )


def test_the_first_api_is_read_whole_and_streamed() -> None:
    """It streams JSON lines, the whole answer in the last."""
    calls = [{"name": "now", "parameters": {}}]
    answer = {"text": "AB", "response_id": "r", "finish_reason": "COMPLETE", "meta": BLOCK}
    lines = ndjson(
        {"event_type": "stream-start", "generation_id": "g"},
        {"event_type": "text-generation", "text": "A"},
        {"event_type": "text-generation", "text": "B"},
        {"event_type": "tool-calls-generation", "tool_calls": calls},
        {"event_type": "stream-end", "finish_reason": "COMPLETE", "response": answer},
    )

    whole = exchange(f"{COHERE}/v1/chat", {**answer, "tool_calls": calls})
    streamed = exchange(f"{COHERE}/v1/chat", lines, asked={"stream": True})

    for read in (whole, streamed):
        assert (read.text, read.tool_calls) == ("AB", (ToolCall("now", "{}"),))
        assert (read.usage, read.finish_reason, read.response_id) == (
            Usage(60, 5, 50),
            "COMPLETE",
            "r",
        )
    assert (whole.stream, streamed.stream, streamed.complete) == (False, True, True)


def test_generate_is_read_whole_and_streamed() -> None:
    """Only what is billed is told."""
    meta = {"billed_units": {"input_tokens": 1, "output_tokens": 2}}
    whole = exchange(f"{COHERE}/v1/generate", {"generations": [{"text": "A"}], "meta": meta})
    end = {"is_finished": True, "finish_reason": "COMPLETE", "response": {"meta": meta}}
    streamed = exchange(f"{COHERE}/v1/generate", ndjson({"text": "A"}, end))

    assert (whole.text, whole.usage) == ("A", Usage(1, 2))
    assert (streamed.text, streamed.usage, streamed.complete) == ("A", Usage(1, 2), True)
    assert CohereGenerateV1().has_content({"text": "A"})


def test_embeddings_are_what_is_billed() -> None:
    """In both versions."""
    answer = {"meta": {"billed_units": {"input_tokens": 7}}}

    for version in ("v1", "v2"):
        read = exchange(f"{COHERE}/{version}/embed", answer, asked={"model": "e"})

        assert (read.wire_api, read.usage) == (f"cohere.embed.{version}", Usage(7))
        assert read.operation is Operation.EMBEDDINGS
    assert not CohereEmbed("v1").has_content(answer)


def test_cohere_is_told_by_host_path_or_body() -> None:
    """Others have a /v1/chat too."""
    asked = {"model": "m", "messages": []}

    assert exchange("http://localhost:1/cohere/v1/chat", {}).operation is Operation.CHAT
    assert exchange("http://testserver/v1/chat", {}, asked=asked).operation is None
    assert exchange("http://localhost:1/v2/chat", {}, asked=asked).operation is Operation.CHAT
    assert exchange("http://localhost:1/v2/chat", {}).operation is None
    embed = exchange("http://localhost:1/v1/embed", {}, asked={"model": "m", "texts": []})
    assert embed.operation is Operation.EMBEDDINGS


@pytest.mark.parametrize(
    ("event", "is_content"),
    [
        ({"event_type": "stream-start"}, False),
        ({"event_type": "text-generation", "text": "a"}, True),
        ({"event_type": "text-generation", "text": ""}, False),
        ({"event_type": "tool-calls-chunk"}, True),
    ],
)
def test_content_of_the_first_api(event: dict[str, Any], is_content: bool) -> None:  # noqa: FBT001
    """Text and tool calls."""
    assert CohereChatV1().has_content(event) is is_content


def test_content_of_the_second_api() -> None:
    """Deltas and the start of a tool call."""
    assert CohereChatV2().has_content({"type": "content-delta"})
    assert not CohereChatV2().has_content({"type": "content-start"})


def test_an_ollama_chat_is_read() -> None:
    """The counts stand at the top; durations are kept."""
    call = {"function": {"name": "now", "arguments": {"a": 1}}}
    answer = {
        "model": "llama3",
        "message": {"content": "A", "tool_calls": [call]},
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 3,
        "eval_count": 4,
        "eval_duration": 5,
    }

    read = exchange(f"{OLLAMA}/chat", answer, asked={"model": "llama3", "stream": False})

    assert (read.text, read.tool_calls) == ("A", (ToolCall("now", '{"a": 1}'),))
    assert (read.usage, read.finish_reason) == (Usage(3, 4), "stop")
    assert read.usage_raw == {"prompt_eval_count": 3, "eval_count": 4, "eval_duration": 5}


@pytest.mark.parametrize("method", ["chat", "generate"])
def test_an_ollama_stream_is_put_together(method: str) -> None:
    """The count of a cached prompt is missing: unknown."""
    lines = [{"model": "m", "message": {"content": c}, "response": c} for c in "ABCDEF"]
    body = ndjson(*lines, {"done": True, "done_reason": "length", "eval_count": 6})

    read = exchange(f"{OLLAMA}/{method}", body, asked={"model": "m"})

    assert (read.text, read.usage, read.finish_reason) == ("ABCDEF", Usage(None, 6), "length")
    assert (read.stream, read.complete, read.wire_api) == (True, True, f"ollama.{method}")


def test_ollamas_embeddings_have_two_paths() -> None:
    """The older one is named like OpenAI's."""
    newer = exchange(f"{OLLAMA}/embed", {"prompt_eval_count": 3}, asked={"model": "m"})
    older = exchange(f"{OLLAMA}/embeddings", {"embedding": []}, asked={"model": "m"})

    assert (newer.wire_api, newer.usage) == ("ollama.embed", Usage(3))
    assert (older.wire_api, older.provider, older.usage) == ("openai.embeddings", "ollama", None)
    assert not OllamaEmbed().has_content({})


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("chat", {"messages": []}),
        ("generate", {"prompt": ""}),
        ("embed", {"input": ""}),
    ],
)
def test_ollama_elsewhere_is_told_by_its_body(path: str, asked: dict[str, Any]) -> None:
    """An application's own /api/chat speaks of no model."""
    url = f"http://testserver/api/{path}"

    assert exchange(url, {}, asked=asked).operation is None
    assert exchange(url, {}, asked={**asked, "model": "m"}).operation is not None


def test_content_of_ollama_is_text_thoughts_or_tools() -> None:
    """Not an empty message."""
    assert OllamaChat().has_content({"message": {"thinking": "a"}})
    assert not OllamaChat().has_content({"message": {"content": ""}})
    assert OllamaGenerate().has_content({"response": "a"})
    assert not OllamaGenerate().has_content({"response": ""})


@pytest.mark.parametrize(
    ("answer", "usage"),
    [
        ({"usage": {"prompt_tokens": 1, "completion_tokens": 2}}, Usage(1, 2)),
        ({"usage": {"total_tokens": 7}}, Usage(7)),
        ({"usage": {"inputTokens": 1}}, Usage(1)),
        ({"usageMetadata": {"totalTokenCount": 7}}, Usage()),
        ({"usage": {"input_tokens": 1, "cache_read_input_tokens": 2}}, Usage(3, None, 2)),
        ({"meta": {"billed_units": {"search_units": 1}}}, Usage()),
        ({"usage": "none"}, None),
        ({}, None),
    ],
)
def test_calls_that_no_codec_reads_tell_their_usage(answer: Any, usage: Usage | None) -> None:
    """Whatever its shape is."""
    read = exchange("https://api.openai.com/v1/threads/t/runs", answer, asked={"model": "m"})

    assert (read.wire_api, read.operation) == ("openai.assistants", None)
    assert (read.usage, read.request_model) == (usage, "m")


def test_streams_that_no_codec_reads_tell_their_usage() -> None:
    """The last one counts."""
    url = "https://api.openai.com/v1/threads/t/runs"
    run = {"id": "r", "model": "m", "usage": {"prompt_tokens": 1, "completion_tokens": 2}}

    read = exchange(url, sse({"id": "r"}, run, done=True))

    assert (read.usage, read.stream, read.complete) == (Usage(1, 2), True, True)
    assert not Unread("x").has_content(run)
