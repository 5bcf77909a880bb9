"""LM Studio's own chat. Its older API, below `/api/v0`, is OpenAI's with figures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...calls import Message, Operation, Prompt, Usage
from ...wire import BaseApi, Content, Draft, Landmarks
from ...wire.fields import count, mapping, mappings, word
from ...wire.prompts import prompt_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_PIECES: Final = ("message.delta", "reasoning.delta", "tool_call.arguments")


class LmStudioChat(BaseApi):
    """`POST /api/v1/chat`: tools are called by LM Studio itself, so that none is left to call."""

    wire_api = "lmstudio.chat"
    operation = Operation.CHAT
    paths = ("/api/v1/chat",)
    home = ("lmstudio",)
    body_keys = ("model", "input")
    landmarks = Landmarks(every=(b'"type":"chat.end"', b'"type":"model_load.end"'))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer, or the one that a stream ends with."""
        draft.response_model = word(answer.get("model_instance_id")) or draft.response_model
        draft.response_id = word(answer.get("response_id")) or draft.response_id
        stats = mapping(answer.get("stats"))
        if stats:
            draft.take_usage(_usage(stats), stats)
        if draft.content is not None:
            _read_output(answer, draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; the last one holds the whole answer, whose pieces came before."""
        kind = event.get("type")
        draft.response_model = word(event.get("model_instance_id")) or draft.response_model
        if kind == "chat.end":
            whole, draft.content = draft.content, None
            self.read_answer(mapping(event.get("result")), draft)
            draft.content, draft.complete = whole, True
        elif kind == "message.delta" and draft.content is not None:
            draft.content.add_text(event.get("content"))

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text, thoughts or a tool call."""
        return event.get("type") in _PIECES


def read_prompt(body: Mapping[str, Any]) -> Prompt:
    """Read `input`, a text or several things of which texts count, and the system's.

    In a conversation that is kept, what has a `role` was said before: by the model, or by the
    user, whose turn then ends there.
    """
    said, parts = [], list[str]()
    for item in (*items_of(body), {"role": None}):
        parts.append(text_of(item.get("content")) or "")
        if "role" in item:
            text = "".join(parts)
            said += [Message(role=item["role"] or "user", text=text)] if text else []
            parts = []
    return prompt_of(text_of(body.get("system_prompt")), said)


def items_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is asked as items: a text is one."""
    asked = body.get("input")
    return [{"type": "message", "content": asked}] if isinstance(asked, str) else mappings(asked)


def _usage(stats: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=count(stats.get("input_tokens")),
        output_tokens=count(stats.get("total_output_tokens")),
        reasoning_tokens=count(stats.get("reasoning_output_tokens")),
    )


def _read_output(answer: Mapping[str, Any], content: Content) -> None:
    for item in mappings(answer.get("output")):
        if item.get("type") == "message":
            content.add_text(item.get("content"))
