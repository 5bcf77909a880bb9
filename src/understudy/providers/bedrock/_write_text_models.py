"""A family of models behind Invoke, and those that complete a text: Titan, Llama, Mistral."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...wire.writing import Event, RefusalLine, Reply, TextLine, json_text, reasons, text_events

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...wire import Question

    _Shape = Callable[[Reply, str], dict[str, Any]]


def _no_events(_question: Question, _reply: Reply) -> list[Event]:
    return []


@dataclass(frozen=True, slots=True)
class Family:
    """How the models of one maker answer.

    `answer` is the whole of it, `content` are the events that bring the content, `endings`
    those that tell the reason and the usage, an object each: the whole answer where the
    models do not stream.
    """

    answer: Callable[[Question, Reply], Mapping[str, Any]]
    content: Callable[[Question, Reply], list[Event]] = _no_events
    endings: Callable[[Question, Reply], list[Event]] | None = None

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return at least one event that ends a stream."""
        if self.endings is not None:
            return self.endings(question, reply)
        return [(reply.last, "", json_text(self.answer(question, reply)))]


_TITAN_REASONS = reasons(
    stop="FINISH", tool_calls="FINISH", length="LENGTH", content_filter="CONTENT_FILTERED"
)


def _titan_answer(reply: Reply, text: str) -> dict[str, Any]:
    result = {
        "tokenCount": reply.usage.output_tokens or 0,
        "outputText": text,
        "completionReason": reply.reason_in(_TITAN_REASONS),
    }
    return {"inputTextTokenCount": reply.usage.input_tokens or 0, "results": [result]}


def _titan_ending(reply: Reply, text: str) -> dict[str, Any]:
    return {
        "outputText": text,
        "index": 0,
        "totalOutputTextTokenCount": reply.usage.output_tokens or 0,
        "completionReason": reply.reason_in(_TITAN_REASONS),
        "inputTextTokenCount": reply.usage.input_tokens or 0,
    }


def _llama_answer(reply: Reply, text: str) -> dict[str, Any]:
    return {
        "generation": text,
        "prompt_token_count": reply.usage.input_tokens or 0,
        "generation_token_count": reply.usage.output_tokens or 0,
        "stop_reason": _reason(reply),
    }


def _mistral_answer(reply: Reply, text: str) -> dict[str, Any]:
    return {"outputs": [{"text": text, "stop_reason": _reason(reply)}]}


def _reason(reply: Reply) -> str:
    return "stop" if reply.reason == "tool_calls" else reply.reason


def _completing(answer: _Shape, before: str, after: str, ending: _Shape | None = None) -> Family:
    """Return a family that completes texts; a stream ends with an answer without any."""

    def whole(_question: Question, reply: Reply) -> dict[str, Any]:
        texts = [one.text for one in reply.lines if isinstance(one, TextLine | RefusalLine)]
        return answer(reply, "".join(texts))

    def content(_question: Question, reply: Reply) -> list[Event]:
        return text_events(reply, before, after)

    def endings(_question: Question, reply: Reply) -> list[Event]:
        return [(reply.last, "", json_text((ending or answer)(reply, "")))]

    return Family(whole, content, endings)


TITAN_TEXT = _completing(
    _titan_answer,
    '{"outputText":',
    ',"index":0,"totalOutputTextTokenCount":null,"completionReason":null}',
    _titan_ending,
)
LLAMA = _completing(
    _llama_answer,
    '{"generation":',
    ',"prompt_token_count":null,"generation_token_count":null,"stop_reason":null}',
)
MISTRAL_TEXT = _completing(_mistral_answer, '{"outputs":[{"text":', ',"stop_reason":null}]}')
