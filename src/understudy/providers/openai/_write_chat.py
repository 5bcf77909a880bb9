"""What OpenAI answers to chat completions that are not streamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.writing import call_id, joined
from ._dialects import dialect_of

if TYPE_CHECKING:
    from ...calls import Usage
    from ...wire.writing import JoinedReply, Question, Reply


def chat_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a `chat.completion`."""
    content = joined(reply)
    if content.refusal is None and not content.tools:
        content = content._replace(text=content.text or "")
    message = {
        "role": "assistant",
        **dialect_of(question.target).message(content),
        "refusal": content.refusal,
        "annotations": [],
    }
    if content.tools:
        message["tool_calls"] = _tool_calls(reply, content)
    return {
        "id": f"chatcmpl-{reply.id}",
        "object": "chat.completion",
        "created": reply.created,
        "model": question.model_of(reply.model),
        "choices": [
            {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.reason}
        ],
        "usage": chat_usage(reply.usage),
        "service_tier": "default",
        "system_fingerprint": "fp_understudy",
    }


def _tool_calls(reply: Reply, content: JoinedReply) -> list[dict[str, Any]]:
    return [
        {
            "id": call_id(reply, tool, number, "call_"),
            "type": "function",
            "function": {"name": tool.name, "arguments": tool.text},
        }
        for number, tool in enumerate(content.tools)
    ]


def chat_usage(usage: Usage) -> dict[str, Any]:
    """Return the block of chat completions and of completions; what is unknown is 0."""
    prompt, completion = usage.input_tokens or 0, usage.output_tokens or 0
    details = {"cached_tokens": usage.cache_read_tokens or 0, "audio_tokens": 0}
    if usage.cache_write_tokens is not None:
        details["cache_write_tokens"] = usage.cache_write_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": details,
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning_tokens or 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
