"""Models that complete a text: Titan, Llama, Mistral. Thoughts and tools have no place there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..._encode import quoted, written
from ..._reply import RefusalLine, TextLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..._framing import Event
    from ..._question import Question
    from ..._reply import Reply

_TITAN_REASONS = MappingProxyType(
    {
        "stop": "FINISH",
        "tool_calls": "FINISH",
        "length": "LENGTH",
        "content_filter": "CONTENT_FILTERED",
    }
)


class TitanText:
    """Amazon Titan: one result."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:  # noqa: ARG002
        """Return a whole answer."""
        result = {
            "tokenCount": reply.usage.output_tokens or 0,
            "outputText": _text(reply),
            "completionReason": _titan_reason(reply),
        }
        return {"inputTextTokenCount": reply.usage.input_tokens or 0, "results": [result]}

    def content_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the pieces of the text."""
        after = ',"index":0,"totalOutputTextTokenCount":null,"completionReason":null}'
        return _pieces(reply, '{"outputText":', after)

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the reason and the counts."""
        told = {
            "outputText": "",
            "index": 0,
            "totalOutputTextTokenCount": reply.usage.output_tokens or 0,
            "completionReason": _titan_reason(reply),
            "inputTextTokenCount": reply.usage.input_tokens or 0,
        }
        return [(reply.last, "", written(told))]


class Llama:
    """Meta's Llama: a generation."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:  # noqa: ARG002
        """Return a whole answer."""
        return _llama(reply, _text(reply))

    def content_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the pieces of the text."""
        after = ',"prompt_token_count":null,"generation_token_count":null,"stop_reason":null}'
        return _pieces(reply, '{"generation":', after)

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the reason and the counts."""
        return [(reply.last, "", written(_llama(reply, "")))]


class MistralText:
    """Mistral's models that take a prompt: one output, and no counts."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:  # noqa: ARG002
        """Return a whole answer."""
        return {"outputs": [{"text": _text(reply), "stop_reason": _reason(reply)}]}

    def content_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the pieces of the text."""
        return _pieces(reply, '{"outputs":[{"text":', ',"stop_reason":null}]}')

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the reason."""
        told = {"outputs": [{"text": "", "stop_reason": _reason(reply)}]}
        return [(reply.last, "", written(told))]


def _text(reply: Reply) -> str:
    return "".join(one.text for one in reply.lines if isinstance(one, TextLine | RefusalLine))


def _pieces(reply: Reply, before: str, after: str) -> list[Event]:
    return [
        (place, "", f"{before}{quoted(chunk)}{after}")
        for place, line in enumerate(reply.lines)
        if isinstance(line, TextLine | RefusalLine)
        for chunk in line.chunks
    ]


def _titan_reason(reply: Reply) -> str:
    return _TITAN_REASONS.get(reply.reason, reply.reason)


def _reason(reply: Reply) -> str:
    return "stop" if reply.reason == "tool_calls" else reply.reason


def _llama(reply: Reply, text: str) -> dict[str, Any]:
    return {
        "generation": text,
        "prompt_token_count": reply.usage.input_tokens or 0,
        "generation_token_count": reply.usage.output_tokens or 0,
        "stop_reason": _reason(reply),
    }
