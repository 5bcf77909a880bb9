"""Ollama's own API: chat, generate, embed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...calls import Operation, Prompt, Usage
from ...wire import Asked, BaseApi, Content, Draft, Landmarks, Target
from ...wire.fields import count, mapping, mappings, word
from ..openai import read_chat

if TYPE_CHECKING:
    from collections.abc import Mapping


_COUNTS = ("prompt_eval_count", "prompt_eval_cached_count", "eval_count")
_DURATIONS = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")


class _Lines(BaseApi):
    """What answers in JSON lines, unless the request says `"stream": false`."""

    home = ("ollama",)
    landmarks = Landmarks(
        every=(b'"done":true',), usage=(b'"prompt_eval_count":', b'"eval_count":')
    )

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the body."""
        return Asked(word(body.get("model")), body.get("stream") is not False and bool(body))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer, or a line of one."""
        _read_figures(answer, draft)
        if draft.content is not None:
            self.read_content(answer, draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a line; the last one has `done` and the figures."""
        self.read_answer(event, draft)
        draft.complete = draft.complete or event.get("done") is True

    def read_content(self, answer: Mapping[str, Any], content: Content) -> None:
        """Read what a line adds to the content."""
        raise NotImplementedError


class OllamaChat(_Lines):
    """`POST /api/chat`."""

    wire_api = "ollama.chat"
    operation = Operation.CHAT
    paths = ("/api/chat",)
    body_keys = ("model", "messages")

    def read_content(self, answer: Mapping[str, Any], content: Content) -> None:
        """Read a piece of a message."""
        message = mapping(answer.get("message"))
        content.add_text(message.get("content"))
        for call in mappings(message.get("tool_calls")):
            function = mapping(call.get("function"))
            arguments = function.get("arguments") or {}
            content.add_call(function.get("name"), arguments, call.get("id"))

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the line brings text, thoughts or a tool call."""
        message = mapping(event.get("message"))
        return any(message.get(name) for name in ("content", "thinking", "tool_calls", "images"))


class OllamaGenerate(_Lines):
    """`POST /api/generate`."""

    wire_api = "ollama.generate"
    operation = Operation.TEXT_COMPLETION
    paths = ("/api/generate",)
    body_keys = ("model", "prompt")

    def read_content(self, answer: Mapping[str, Any], content: Content) -> None:
        """Read a piece of the text."""
        content.add_text(answer.get("response"))

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the line brings text or thoughts."""
        return bool(event.get("response") or event.get("thinking"))


class OllamaEmbed(BaseApi):
    """`POST /api/embed`."""

    wire_api = "ollama.embed"
    operation = Operation.EMBEDDINGS
    paths = ("/api/embed",)
    home = ("ollama",)
    body_keys = ("model", "input")

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        _read_figures(answer, draft)


def _read_figures(answer: Mapping[str, Any], draft: Draft) -> None:
    """Read model, reason and counts; the prompt's count is missing where it was cached."""
    draft.response_model = word(answer.get("model")) or draft.response_model
    draft.finish_reason = word(answer.get("done_reason")) or draft.finish_reason
    if any(name in answer for name in _COUNTS):
        raw = {name: answer[name] for name in (*_COUNTS, *_DURATIONS) if name in answer}
        read, cached, written = (count(answer.get(name)) for name in _COUNTS)
        told = Usage(read, written, cache_read_tokens=cached)
        draft.take_usage(told, raw)


def read_prompt(body: Mapping[str, Any]) -> Prompt:
    """Read `messages`, `tools`, and the schema that `format` is; the word `json` is none."""
    wanted = body.get("format")
    return replace(read_chat(body), schema=wanted if isinstance(wanted, dict) else None)
