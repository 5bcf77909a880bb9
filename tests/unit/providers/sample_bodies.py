"""Bodies as they come over the wire, and exchanges made of them."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from zlib import crc32

from understudy import read_exchange

if TYPE_CHECKING:
    from understudy.calls import Exchange

OPENAI_CHAT = "https://api.openai.com/v1/chat/completions"
ANTHROPIC = "https://api.anthropic.com/v1/messages"
BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models"
#: Where each wire API is called.
URLS = {
    "openai.chat": "https://api.openai.com/v1/chat/completions",
    "openai.responses": "https://api.openai.com/v1/responses",
    "openai.embeddings": "https://api.openai.com/v1/embeddings",
    "openai.completions": "https://api.openai.com/v1/completions",
    "openai.images": "https://api.openai.com/v1/images/generations",
    "openai.audio": "https://api.openai.com/v1/audio/transcriptions",
    "anthropic.messages": "https://api.anthropic.com/v1/messages",
    "anthropic.complete": "https://api.anthropic.com/v1/complete",
    "google.generateContent": "https://generativelanguage.googleapis.com/v1/models/m:streamGenerateContent",
    "google.embed": "https://generativelanguage.googleapis.com/v1/models/m:embedContent",
    "google.interactions": "https://generativelanguage.googleapis.com/v1beta/interactions",
    "bedrock.converse": "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream",
    "bedrock.invoke": "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke",
    "cohere.chat.v1": "https://api.cohere.com/v1/chat",
    "cohere.chat.v2": "https://api.cohere.com/v2/chat",
    "cohere.generate.v1": "https://api.cohere.com/v1/generate",
    "cohere.embed.v1": "https://api.cohere.com/v1/embed",
    "cohere.embed.v2": "https://api.cohere.com/v2/embed",
    "cohere.rerank.v1": "https://api.cohere.com/v1/rerank",
    "cohere.rerank.v2": "https://api.cohere.com/v2/rerank",
    "rerank": "https://api.voyageai.com/v1/rerank",
    "ollama.chat": "http://localhost:11434/api/chat",
    "ollama.generate": "http://localhost:11434/api/generate",
    "ollama.embed": "http://localhost:11434/api/embed",
    "llamacpp.completion": "http://127.0.0.1:8080/completion",
    "lmstudio.chat": "http://localhost:1234/api/v1/chat",
    "mistral.conversations": "https://api.mistral.ai/v1/conversations",
}


def sse(*events: Any, done: bool = False) -> bytes:
    """Return server-sent events, `data: [DONE]` after them with `done`."""
    data = [json.dumps(event, separators=(",", ":")) for event in events]
    return "".join(f"data: {one}\n\n" for one in [*data, *(["[DONE]"] * done)]).encode()


def ndjson(*events: Any) -> bytes:
    """Return JSON lines."""
    return "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events).encode()


def frame(payload: Any, **headers: str) -> bytes:
    """Return an event-stream frame; `event_type` becomes the header `:event-type`."""
    packed = b""
    for name, value in headers.items():
        key = f":{name.replace('_', '-')}".encode()
        packed += bytes([len(key)]) + key + b"\x07" + struct.pack(">H", len(value)) + value.encode()
    data = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(packed) + len(data), len(packed))
    message = prelude + struct.pack(">I", crc32(prelude)) + packed + data
    return message + struct.pack(">I", crc32(message))


def converse_stream(*events: dict[str, Any]) -> bytes:
    """Return frames of `{event type: payload}`."""
    frames = [(kind, payload) for event in events for kind, payload in event.items()]
    return b"".join(frame(p, event_type=k, message_type="event") for k, p in frames)


def invoke_stream(*events: Any) -> bytes:
    """Return frames of an invoke-stream: each payload is JSON in base64."""
    encoded = [b64encode(json.dumps(event).encode()).decode() for event in events]
    return b"".join(
        frame({"bytes": one, "p": "abc"}, event_type="chunk", message_type="event")
        for one in encoded
    )


def exchange(
    url: str,
    answer: Any,
    *,
    asked: Any = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Exchange:
    """Read a POST to `url`; an `answer` that is no bytes is sent as JSON."""
    return read_exchange(
        method="POST",
        url=url,
        request_body=json.dumps({} if asked is None else asked),
        status=status,
        response_headers=headers or {},
        response_body=answer if isinstance(answer, bytes) else json.dumps(answer),
    )
