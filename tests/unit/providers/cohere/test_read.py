"""Cohere's APIs, read."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import exchange, ndjson, sse

from understudy.calls import Operation, ToolCall, Usage
from understudy.providers.cohere import CohereChatV1, CohereChatV2, CohereEmbed, CohereGenerateV1

COHERE = "https://api.cohere.com"
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


@pytest.mark.parametrize("tokens", [{}, {"tokens": {}}, {"tokens": {"input_tokens": 0}}])
def test_embeddings_are_what_is_billed(tokens: dict[str, Any]) -> None:
    """In both versions, also beside tokens of 0."""
    answer = {"meta": {"billed_units": {"input_tokens": 7}, **tokens}}

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


def test_a_rerank_is_billed_by_searches() -> None:
    """It has no tokens, and the block is kept for the price."""
    billed = {"billed_units": {"search_units": 1}}

    read = exchange("https://api.cohere.com/v2/rerank", {"meta": billed}, asked={"model": "r"})

    assert (read.wire_api, read.operation) == ("cohere.rerank.v2", Operation.RERANK)
    assert (read.request_model, read.usage, read.usage_raw) == ("r", Usage(), billed)


@pytest.mark.parametrize(
    ("url", "usage"),
    [
        ("https://api.voyageai.com/v1/rerank", {"total_tokens": 43}),
        ("https://api.jina.ai/v1/rerank", {"total_tokens": 43}),
        ("https://api.together.xyz/v1/rerank", {"prompt_tokens": 43, "total_tokens": 43}),
        ("http://127.0.0.1:9/v1/rerank", {"total_tokens": 43}),
    ],
)
def test_reranks_of_others_are_billed_by_tokens(url: str, usage: dict[str, int]) -> None:
    """The total is the input: nothing is written."""
    asked = {"model": "rerank-2", "query": "a", "documents": ["b"]}

    read = exchange(url, {"model": "rerank-2", "usage": usage}, asked=asked)

    assert (read.wire_api, read.operation, read.usage) == ("rerank", Operation.RERANK, Usage(43))
