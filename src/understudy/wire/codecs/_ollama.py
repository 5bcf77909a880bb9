"""Ollama's own API: chat, generate, embed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from .._api import Asked, Landmarks
from .._counts import count
from .._json import mapping, mappings, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._draft import Content, Draft
    from .._target import Peek, Target

_DONE = Landmarks(every=(b'"done":true',))
_COUNTS = ("prompt_eval_count", "eval_count")
_DURATIONS = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")


class OllamaChat:
    """`POST /api/chat`: JSON lines, unless the request says `"stream": false`."""

    wire_api = "ollama.chat"
    operation = Operation.CHAT
    landmarks = _DONE

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by path and host; on a stranger's host by a body of model and messages."""
        if not target.path.endswith("/api/chat"):
            return False
        return target.provider == "ollama" or peek.mentions("model", "messages")

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the body."""
        return _asked(body)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer, or a line of one."""
        _read_figures(answer, draft)
        if draft.content is not None:
            _read_message(mapping(answer.get("message")), draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a line; the last one has `done` and the figures."""
        self.read_answer(event, draft)
        draft.complete = draft.complete or event.get("done") is True

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the line brings text, thoughts or a tool call."""
        message = mapping(event.get("message"))
        return any(message.get(name) for name in ("content", "thinking", "tool_calls", "images"))


class OllamaGenerate:
    """`POST /api/generate`."""

    wire_api = "ollama.generate"
    operation = Operation.TEXT_COMPLETION
    landmarks = _DONE

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by path and host; on a stranger's host by a body of model and prompt."""
        if not target.path.endswith("/api/generate"):
            return False
        return target.provider == "ollama" or peek.mentions("model", "prompt")

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the body."""
        return _asked(body)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer, or a line of one."""
        _read_figures(answer, draft)
        if draft.content is not None:
            draft.content.add_text(answer.get("response"))

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a line; the last one has `done` and the figures."""
        self.read_answer(event, draft)
        draft.complete = draft.complete or event.get("done") is True

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the line brings text or thoughts."""
        return bool(event.get("response") or event.get("thinking"))


class OllamaEmbed:
    """`POST /api/embed`."""

    wire_api = "ollama.embed"
    operation = Operation.EMBEDDINGS
    landmarks = None

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by path and host; on a stranger's host by a body of model and input."""
        if not target.path.endswith("/api/embed"):
            return False
        return target.provider == "ollama" or peek.mentions("model", "input")

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the body; embeddings do not stream."""
        return Asked(word(body.get("model")))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        _read_figures(answer, draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Embeddings do not stream."""

    def has_content(self, event: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Embeddings do not stream."""
        return False


def _asked(body: Mapping[str, Any]) -> Asked:
    return Asked(word(body.get("model")), body.get("stream") is not False and bool(body))


def _read_figures(answer: Mapping[str, Any], draft: Draft) -> None:
    """Read model, reason and counts; the prompt's count is missing where it was cached."""
    draft.response_model = word(answer.get("model")) or draft.response_model
    draft.finish_reason = word(answer.get("done_reason")) or draft.finish_reason
    if any(name in answer for name in _COUNTS):
        draft.usage_raw = {name: answer[name] for name in (*_COUNTS, *_DURATIONS) if name in answer}
        draft.usage = Usage(
            input_tokens=count(answer.get("prompt_eval_count")),
            output_tokens=count(answer.get("eval_count")),
        )


def _read_message(message: Mapping[str, Any], content: Content) -> None:
    content.add_text(message.get("content"))
    for call in mappings(message.get("tool_calls")):
        function = mapping(call.get("function"))
        arguments = json.dumps(function.get("arguments") or {})
        content.add_tool(
            len(content.tools),
            name=function.get("name"),
            arguments=arguments,
            call_id=call.get("id"),
        )
