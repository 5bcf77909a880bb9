"""OpenAI's chat completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._encode import encoded, written
from .._framing import sse
from .._headers import EVENT_STREAM, JSON
from .._joined import call_id, joined
from .._rendered import Piece, Rendered
from ._chat_stream import chat_events
from ._dialect import dialect_of
from ._headers import openai_headers
from ._refusals import openai_refusal
from ._usage import chat_usage

if TYPE_CHECKING:
    from .._failure import Failure
    from .._joined import JoinedReply
    from .._question import Question
    from .._reply import Reply


class OpenAIChat:
    """Answers `chat/completions` with one choice."""

    wire_api = "openai.chat"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write a `chat.completion`, or its chunks."""
        if question.stream:
            headers = openai_headers(question, reply, EVENT_STREAM)
            return Rendered(200, headers, sse(chat_events(question, reply)))
        body = encoded(written(chat_answer(question, reply)))
        headers = openai_headers(question, reply, JSON)
        return Rendered(200, headers, (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return openai_refusal(question, failure)


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
