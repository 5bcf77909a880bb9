"""Cohere's second chat API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from .._api import Asked, Landmarks
from .._errors import read_error
from .._json import mapping, mappings, word
from ._cohere_chat_v1 import speaks_cohere
from ._cohere_usage import read_cohere_usage
from ._openai_chat import read_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._draft import Content, Draft
    from .._target import Peek, Target

_CONTENT = ("content-delta", "tool-plan-delta", "tool-call-start", "tool-call-delta")


class CohereChatV2:
    """`POST /v2/chat`: messages, streamed as server-sent events."""

    wire_api = "cohere.chat.v2"
    operation = Operation.CHAT
    landmarks = Landmarks(last=(b'"message-end"',))

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by path and host; on a stranger's host by a body of model and messages."""
        if not target.path.endswith("/v2/chat"):
            return False
        return speaks_cohere(target) or peek.mentions("model", "messages")

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the body."""
        return Asked(word(body.get("model")), body.get("stream") is True)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        draft.response_id = word(answer.get("id"))
        draft.finish_reason = word(answer.get("finish_reason"))
        read_cohere_usage(answer.get("usage"), draft)
        if draft.content is not None:
            read_message(mapping(answer.get("message")), draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; `message-end` tells the usage."""
        kind, delta = event.get("type"), mapping(event.get("delta"))
        if kind == "message-start":
            draft.response_id = word(event.get("id"))
        elif kind == "message-end":
            draft.complete = True
            draft.finish_reason = word(delta.get("finish_reason"))
            read_cohere_usage(delta.get("usage"), draft)
            if delta.get("error"):
                read_error({"error": delta["error"], "type": draft.finish_reason}, draft)
        elif draft.content is not None:
            _read_piece(event, mapping(delta.get("message")), draft.content)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text, thoughts, a tool plan or a tool call."""
        return event.get("type") in _CONTENT


def _read_piece(event: Mapping[str, Any], message: Mapping[str, Any], content: Content) -> None:
    """Read a piece: its content and its tool call are objects, not arrays."""
    content.add_text(mapping(message.get("content")).get("text"))
    call = mapping(message.get("tool_calls"))
    for one in [call] if call else mappings(message.get("tool_calls")):
        function = mapping(one.get("function"))
        content.add_tool(
            event.get("index"),
            name=function.get("name"),
            arguments=function.get("arguments"),
            call_id=one.get("id"),
        )
