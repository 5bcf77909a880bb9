"""Bedrock: Converse and Invoke."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import (
    BEDROCK,
    converse_stream,
    exchange,
    frame,
    invoke_stream,
)

from understudy.calls import Operation, ToolCall, Usage
from understudy.providers.bedrock import BedrockConverse, BedrockInvoke
from understudy.providers.bedrock._read_converse import bedrock_usage

COUNTS = {"x-amzn-bedrock-input-token-count": "5", "x-amzn-bedrock-output-token-count": "6"}
METRICS = {"inputTokenCount": 5, "outputTokenCount": 6, "invocationLatency": 9}


@pytest.mark.parametrize(
    ("block", "usage"),
    [
        ({"inputTokens": 1, "outputTokens": 2, "totalTokens": 3}, Usage(1, 2)),
        (
            {"inputTokens": 1, "cacheReadInputTokens": 10, "cacheWriteInputTokens": 100},
            Usage(111, None, 10, 100),
        ),
        (
            {
                "inputTokens": 1,
                "cacheWriteInputTokens": 100,
                "cacheDetails": [
                    {"ttl": "1h", "inputTokens": 60},
                    {"ttl": "5m", "inputTokens": 40},
                ],
            },
            Usage(101, None, None, 100, 60),
        ),
        (
            {"inputTokens": 1, "cacheReadInputTokenCount": 0, "cacheWriteInputTokenCount": 0},
            Usage(1, None, 0, 0),
        ),
    ],
    ids=["plain", "cached", "kept an hour", "Nova"],
)
def test_cached_input_is_added(block: dict[str, Any], usage: Usage) -> None:
    """Converse counts it apart."""
    assert bedrock_usage(block) == usage


def test_a_converse_answer_is_read() -> None:
    """The path names the model."""
    content = [{"text": "A"}, {"toolUse": {"toolUseId": "t", "name": "now", "input": {"a": 1}}}]
    answer = {
        "output": {"message": {"content": content}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 1, "outputTokens": 2},
        "serviceTier": {"type": "flex"},
    }

    read = exchange(f"{BEDROCK}/us.nova-v1%3A0/converse", answer)

    assert (read.provider, read.wire_api, read.request_model) == (
        "bedrock",
        "bedrock.converse",
        "us.nova-v1:0",
    )
    assert (read.text, read.tool_calls) == ("A", (ToolCall("now", '{"a": 1}', "t"),))
    assert (read.finish_reason, read.usage, read.service_tier) == ("tool_use", Usage(1, 2), "flex")


def test_a_converse_stream_is_put_together() -> None:
    """From binary frames."""
    body = converse_stream(
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "A"}}},
        {
            "contentBlockStart": {
                "contentBlockIndex": 1,
                "start": {"toolUse": {"toolUseId": "t", "name": "now"}},
            }
        },
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"toolUse": {"input": "{}"}}}},
        {"messageStop": {"stopReason": "tool_use"}},
        {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2}}},
    )

    read = exchange(f"{BEDROCK}/m/converse-stream", body)

    assert (read.text, read.tool_calls) == ("A", (ToolCall("now", "{}", "t"),))
    assert (read.finish_reason, read.usage) == ("tool_use", Usage(1, 2))
    assert (read.stream, read.complete) == (True, True)


def test_an_exception_in_a_stream_is_an_error() -> None:
    """It is a frame like others."""
    exception = frame(
        {"message": "slow down"}, message_type="exception", exception_type="throttlingException"
    )
    body = converse_stream({"messageStart": {"role": "assistant"}}) + exception

    read = exchange(f"{BEDROCK}/m/converse-stream", body)

    assert (read.error_type, read.error) == ("throttlingException", "slow down")


def test_an_error_is_named_by_a_header() -> None:
    """AWS tells the class there."""
    headers = {"x-amzn-errortype": "ValidationException:http://x"}

    read = exchange(f"{BEDROCK}/m/converse", {"message": "no"}, status=400, headers=headers)

    assert (read.error_type, read.error) == ("ValidationException", "no")


@pytest.mark.parametrize(
    ("answer", "text", "reason", "usage"),
    [
        (
            {
                "type": "message",
                "content": [{"type": "text", "text": "A"}],
                "stop_reason": "end_turn",
                "usage": {"input_tokens": 1, "output_tokens": 2},
            },
            "A",
            "end_turn",
            Usage(1, 2),
        ),
        ({"completion": "A", "stop_reason": "stop_sequence"}, "A", "stop_sequence", Usage(5, 6)),
        (
            {
                "inputTextTokenCount": 1,
                "results": [{"outputText": "A", "tokenCount": 2, "completionReason": "FINISH"}],
            },
            "A",
            "FINISH",
            Usage(1, 2),
        ),
        (
            {
                "output": {"message": {"content": [{"text": "A"}]}},
                "stopReason": "end_turn",
                "usage": {"inputTokens": 1},
            },
            "A",
            "end_turn",
            Usage(1, 6),
        ),
        (
            {
                "generation": "A",
                "prompt_token_count": 1,
                "generation_token_count": 2,
                "stop_reason": "stop",
            },
            "A",
            "stop",
            Usage(1, 2),
        ),
        ({"outputs": [{"text": "A", "stop_reason": "length"}]}, "A", "length", Usage(5, 6)),
        (
            {
                "choices": [{"message": {"content": "A"}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 2},
            },
            "A",
            "stop",
            Usage(1, 2),
        ),
        (
            {"generations": [{"text": "A", "finish_reason": "COMPLETE"}]},
            "A",
            "COMPLETE",
            Usage(5, 6),
        ),
        ({"text": "A", "finish_reason": "COMPLETE"}, "A", "COMPLETE", Usage(5, 6)),
        (
            {"completions": [{"data": {"text": "A"}, "finishReason": {"reason": "endoftext"}}]},
            "A",
            "endoftext",
            Usage(5, 6),
        ),
    ],
    ids=[
        "Claude",
        "Claude 2",
        "Titan",
        "Nova",
        "Llama",
        "Mistral",
        "OpenAI-like",
        "Command",
        "Command R",
        "Jurassic",
    ],
)
def test_each_family_of_models_answers_invoke_in_its_shape(
    answer: dict[str, Any], text: str, reason: str, usage: Usage
) -> None:
    """What a model does not count is taken from Bedrock's headers."""
    read = exchange(f"{BEDROCK}/a-model/invoke", answer, headers=COUNTS)

    assert (read.text, read.finish_reason, read.usage) == (text, reason, usage)


@pytest.mark.parametrize(
    ("events", "text", "usage"),
    [
        (
            [
                {"type": "message_start", "message": {"usage": {"input_tokens": 1}}},
                {"type": "content_block_delta", "index": 0, "delta": {"text": "A"}},
                {"type": "message_delta", "usage": {"output_tokens": 2}},
                {"type": "message_stop", "amazon-bedrock-invocationMetrics": METRICS},
            ],
            "A",
            Usage(1, 2),
        ),
        (
            [
                {"outputText": "A", "inputTextTokenCount": 1, "completionReason": None},
                {"outputText": "B", "amazon-bedrock-invocationMetrics": METRICS},
            ],
            "AB",
            Usage(1, 6),
        ),
        (
            [
                {"contentBlockDelta": {"delta": {"text": "A"}}},
                {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2}}},
            ],
            "A",
            Usage(1, 2),
        ),
        (
            [{"completion": "A"}, {"completion": "", "stop_reason": "stop_sequence"}],
            "A",
            None,
        ),
        (
            [
                {"generation": "A"},
                {"stop_reason": "stop", "amazon-bedrock-invocationMetrics": METRICS},
            ],
            "A",
            Usage(5, 6),
        ),
    ],
    ids=["Claude", "Titan", "Nova", "Claude 2", "Llama"],
)
def test_each_family_streams_in_its_shape(
    events: list[dict[str, Any]], text: str, usage: Usage | None
) -> None:
    """What a model does not count is taken from the metrics at the end."""
    read = exchange(f"{BEDROCK}/a-model/invoke-with-response-stream", invoke_stream(*events))

    assert (read.text, read.usage, read.stream) == (text, usage, True)


def test_embeddings_and_reranking_are_told_by_the_models_name() -> None:
    """Invoke serves them on the same path."""
    answer = {"embedding": [0.1], "inputTextTokenCount": 4}

    read = exchange(f"{BEDROCK}/amazon.titan-embed-text-v2%3A0/invoke", answer)

    assert (read.operation, read.usage, read.text) == (Operation.EMBEDDINGS, Usage(4), None)
    ranked = exchange(f"{BEDROCK}/cohere.rerank-v3-5%3A0/invoke", {"results": []})
    assert ranked.operation is Operation.RERANK


@pytest.mark.parametrize(
    ("event", "is_content"),
    [
        ({"type": "message_start"}, False),
        ({"type": "content_block_delta", "delta": {"text": "a"}}, True),
        ({"messageStart": {"role": "assistant"}}, False),
        ({"contentBlockDelta": {"delta": {"text": "a"}}}, True),
        ({"outputText": "a"}, True),
        ({"choices": [{"delta": {"content": "a"}}]}, True),
        ({"choices": [{"delta": {"role": "assistant"}}]}, False),
    ],
)
def test_content_of_invoke_is_told_by_its_shape(event: dict[str, Any], is_content: bool) -> None:  # noqa: FBT001
    """As each family streams it."""
    assert BedrockInvoke().has_content(event) is is_content


def test_content_of_converse_is_a_delta() -> None:
    """Not the start of a message or a block."""
    api = BedrockConverse()

    assert api.has_content({"contentBlockDelta": {"delta": {"toolUse": {"input": "{"}}}})
    assert not api.has_content({"contentBlockStart": {"start": {}}})
