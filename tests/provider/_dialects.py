"""What each wire API answers: 11 input tokens, one output token for each piece of content."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ._frames import frame

if TYPE_CHECKING:
    from collections.abc import Callable

INPUT_TOKENS = 11

JSON = "application/json"
SSE = "text/event-stream"
NDJSON = "application/x-ndjson"
AWS = "application/vnd.amazon.eventstream"


@dataclass(frozen=True, slots=True)
class Answer:
    """The pieces of a body, in order; one piece where it does not stream."""

    content_type: str
    pieces: list[bytes]

    @property
    def streams(self) -> bool:
        """Tell whether the pieces come one by one."""
        return self.content_type != JSON


def model_of(path: str, asked: dict[str, Any]) -> str:
    """Return the model that a request names, in its path or in its body."""
    in_path = re.search(r"/models?/([^/:]+(?::[^/:]+)?)(?:/|:\w+)", path)
    return unquote(in_path[1]) if in_path else str(asked.get("model", ""))


def answer(path: str, asked: dict[str, Any], chunks: int) -> Answer | None:
    """Return the answer to `asked` in the dialect of `path`, or None where none is spoken."""
    words = [f"word{number} " for number in range(chunks)]
    for pattern, speak in _DIALECTS.items():
        if re.search(pattern, path):
            return speak(asked, model_of(path, asked), words)
    return None


def _whole(payload: dict[str, Any]) -> Answer:
    return Answer(JSON, [json.dumps(payload).encode()])


def _events(*payloads: dict[str, Any] | str, named: bool = False) -> Answer:
    pieces = []
    for payload in payloads:
        name = f"event: {payload['type']}\n" if named and isinstance(payload, dict) else ""
        data = payload if isinstance(payload, str) else json.dumps(payload)
        pieces.append(f"{name}data: {data}\n\n".encode())
    return Answer(SSE, pieces)


def _openai_chat(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    usage = {
        "prompt_tokens": INPUT_TOKENS,
        "completion_tokens": len(words),
        "total_tokens": INPUT_TOKENS + len(words),
    }
    head: dict[str, Any] = {"id": "chatcmpl-1", "created": 1, "model": model}
    if not asked.get("stream"):
        message = {"role": "assistant", "content": "".join(words)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return _whole({**head, "object": "chat.completion", "choices": [choice], "usage": usage})
    head["object"] = "chat.completion.chunk"
    start: dict[str, Any] = {"role": "assistant", "content": ""}
    deltas = [start, *({"content": word} for word in words), {}]
    chunks: list[dict[str, Any] | str] = [
        {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    chunks[-1]["choices"][0]["finish_reason"] = "stop"  # type: ignore[index]
    if (asked.get("stream_options") or {}).get("include_usage"):
        chunks.append({**head, "choices": [], "usage": usage})
    return _events(*chunks, "[DONE]")


def _openai_responses(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    text = {"type": "output_text", "text": "".join(words), "annotations": []}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed"}
    response: dict[str, Any] = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": model,
        "status": "completed",
        "output": [{**item, "content": [text]}],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": INPUT_TOKENS,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": len(words),
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": INPUT_TOKENS + len(words),
        },
    }
    if not asked.get("stream"):
        return _whole(response)
    started = {**response, "status": "in_progress", "output": [], "usage": None}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "logprobs": []}
    deltas = [{"type": "response.output_text.delta", **place, "delta": word} for word in words]
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": started},
        *deltas,
        {"type": "response.completed", "response": response},
    ]
    return _events(
        *({**event, "sequence_number": number} for number, event in enumerate(events)), named=True
    )


def _openai_embeddings(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    del asked, words
    vector = {"object": "embedding", "index": 0, "embedding": [0.25, -0.5, 1.0]}
    usage = {"prompt_tokens": INPUT_TOKENS, "total_tokens": INPUT_TOKENS}
    return _whole({"object": "list", "model": model, "data": [vector], "usage": usage})


def _anthropic_messages(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    message: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": "".join(words)}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": INPUT_TOKENS, "output_tokens": len(words)},
    }
    if not asked.get("stream"):
        return _whole(message)
    usage = {"input_tokens": INPUT_TOKENS, "output_tokens": 1}
    started = {**message, "content": [], "stop_reason": None, "usage": usage}
    block = {"type": "text", "text": ""}
    deltas = [
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": word},
        }
        for word in words
    ]
    return _events(
        {"type": "message_start", "message": started},
        {"type": "content_block_start", "index": 0, "content_block": block},
        *deltas,
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": len(words)},
        },
        {"type": "message_stop"},
        named=True,
    )


def _gemini(model: str, parts: list[str], words: list[str]) -> list[dict[str, Any]]:
    usage = {
        "promptTokenCount": INPUT_TOKENS,
        "candidatesTokenCount": len(words),
        "totalTokenCount": INPUT_TOKENS + len(words),
    }
    answers: list[dict[str, Any]] = [
        {
            "candidates": [{"content": {"role": "model", "parts": [{"text": part}]}, "index": 0}],
            "usageMetadata": usage,
            "modelVersion": model,
            "responseId": "gem_1",
        }
        for part in parts
    ]
    answers[-1]["candidates"][0]["finishReason"] = "STOP"
    return answers


def _gemini_whole(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    del asked
    return _whole(_gemini(model, ["".join(words)], words)[0])


def _gemini_stream(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    del asked
    return _events(*_gemini(model, words, words))


def _bedrock_usage(words: list[str]) -> dict[str, int]:
    return {
        "inputTokens": INPUT_TOKENS,
        "outputTokens": len(words),
        "totalTokens": INPUT_TOKENS + len(words),
    }


def _bedrock_converse(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    del asked, model
    message = {"role": "assistant", "content": [{"text": "".join(words)}]}
    return _whole(
        {
            "output": {"message": message},
            "stopReason": "end_turn",
            "usage": _bedrock_usage(words),
            "metrics": {"latencyMs": 1},
        }
    )


def _bedrock_stream(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    del asked, model
    deltas = [
        frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": word}})
        for word in words
    ]
    metadata = {"usage": _bedrock_usage(words), "metrics": {"latencyMs": 1}}
    pieces = [
        frame("messageStart", {"role": "assistant"}),
        *deltas,
        frame("contentBlockStop", {"contentBlockIndex": 0}),
        frame("messageStop", {"stopReason": "end_turn"}),
        frame("metadata", metadata),
    ]
    return Answer(AWS, pieces)


def _cohere_chat(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    del model
    counts = {"input_tokens": INPUT_TOKENS, "output_tokens": len(words)}
    usage = {"billed_units": counts, "tokens": counts}
    content = [{"type": "text", "text": "".join(words)}]
    message = {"role": "assistant", "content": content}
    whole = {"id": "c_1", "finish_reason": "COMPLETE", "message": message, "usage": usage}
    if not asked.get("stream"):
        return _whole(whole)
    deltas = [
        {
            "type": "content-delta",
            "index": 0,
            "delta": {"message": {"content": {"text": word}}},
        }
        for word in words
    ]
    start = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": []}
    return _events(
        {"type": "message-start", "id": "c_1", "delta": {"message": start}},
        *deltas,
        {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": usage}},
        named=True,
    )


def _ollama_chat(asked: dict[str, Any], model: str, words: list[str]) -> Answer:
    head = {"model": model, "created_at": "2026-01-01T00:00:00Z"}
    last = {
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": INPUT_TOKENS,
        "eval_count": len(words),
    }
    if not asked.get("stream", True):
        message = {"role": "assistant", "content": "".join(words)}
        return _whole({**head, "message": message, **last})
    lines = [
        {**head, "message": {"role": "assistant", "content": word}, "done": False} for word in words
    ]
    lines.append({**head, "message": {"role": "assistant", "content": ""}, **last})
    return Answer(NDJSON, [json.dumps(line).encode() + b"\n" for line in lines])


_DIALECTS: dict[str, Callable[[dict[str, Any], str, list[str]], Answer]] = {
    r"/chat/completions$": _openai_chat,
    r"/responses$": _openai_responses,
    r"/embeddings$": _openai_embeddings,
    r"/v1/messages$": _anthropic_messages,
    r":generateContent$": _gemini_whole,
    r":streamGenerateContent$": _gemini_stream,
    r"/converse$": _bedrock_converse,
    r"/converse-stream$": _bedrock_stream,
    r"/v2/chat$": _cohere_chat,
    r"/api/chat$": _ollama_chat,
}
