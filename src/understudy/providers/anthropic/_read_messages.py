"""Anthropic's Messages, also on Vertex, Azure and behind gateways; and its text completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from ...wire import Asked, BaseApi, Content, Draft, Landmarks, Peek, Target
from ...wire.fields import mapping, mappings, word
from ._usage import read_anthropic_usage

if TYPE_CHECKING:
    from collections.abc import Mapping


_VERTEX = "/publishers/anthropic/models/"


class AnthropicMessages(BaseApi):
    """`POST …/v1/messages`; on Vertex `…/publishers/anthropic/models/MODEL:rawPredict`."""

    wire_api = "anthropic.messages"
    operation = Operation.CHAT
    landmarks = Landmarks(every=(b'"type":"message_start"', b'"type":"message_delta"'))

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path; `/messages` on a stranger's host must speak of a model."""
        path = target.path
        if path.endswith("/messages"):
            if "/threads/" in path:
                return False
            return target.provider == "anthropic" or peek.mentions("model", "messages")
        if not path.endswith(":rawPredict") and not path.endswith(":streamRawPredict"):
            return False
        return _VERTEX in path and "count-tokens" not in path

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Read the body; on Vertex the path names the model."""
        _, _, rest = target.path.partition(_VERTEX)
        model = word(body.get("model")) or rest.partition(":")[0] or None
        return Asked(model, body.get("stream") is True or rest.endswith(":streamRawPredict"))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read a `message`."""
        _read_message(answer, draft)
        if draft.content is not None:
            for block in mappings(answer.get("content")):
                _read_block(block, draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read one event of a message in the making."""
        kind = event.get("type")
        if kind == "message_start":
            _read_message(mapping(event.get("message")), draft)
        elif kind == "message_delta":
            _read_end(event, draft)
        elif kind == "message_stop":
            draft.complete = True
        elif draft.content is not None:
            _read_piece(event, draft.content)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event is a `content_block_delta` that brings something."""
        if event.get("type") != "content_block_delta":
            return False
        delta = mapping(event.get("delta"))
        return delta.get("type") == "input_json_delta" or bool(
            delta.get("text") or delta.get("thinking")
        )


def _read_message(message: Mapping[str, Any], draft: Draft) -> None:
    draft.response_model = word(message.get("model")) or draft.response_model
    draft.response_id = word(message.get("id")) or draft.response_id
    draft.finish_reason = word(message.get("stop_reason")) or draft.finish_reason
    read_anthropic_usage(message.get("usage"), draft)


def _read_end(event: Mapping[str, Any], draft: Draft) -> None:
    """Read why it stopped, and the usage: all is said then, and litellm reads no further."""
    reason = word(mapping(event.get("delta")).get("stop_reason"))
    if reason is not None:
        draft.finish_reason, draft.complete = reason, True
    read_anthropic_usage(event.get("usage"), draft)


def _read_block(block: Mapping[str, Any], content: Content) -> None:
    kind = block.get("type")
    if kind == "text":
        content.add_text(block.get("text"))
    elif kind == "tool_use":
        content.add_call(block.get("name"), block.get("input"), block.get("id"))


def _read_piece(event: Mapping[str, Any], content: Content) -> None:
    block = mapping(event.get("content_block"))
    if block.get("type") == "tool_use":
        name, call_id = block.get("name"), block.get("id")
        content.add_tool(event.get("index"), name=name, call_id=call_id, begins=True)
        content.give_arguments(event.get("index"), block.get("input"))
    elif block.get("type") == "text":
        content.add_text(block.get("text"))
    delta = mapping(event.get("delta"))
    content.add_text(delta.get("text"))
    if content.has_tool(event.get("index")):
        content.add_tool(event.get("index"), arguments=delta.get("partial_json"))


class AnthropicComplete(BaseApi):
    """`POST …/v1/complete`."""

    wire_api = "anthropic.complete"
    operation = Operation.TEXT_COMPLETION
    paths = ("/complete",)
    home = ("anthropic",)
    body_keys = ("max_tokens_to_sample",)
    landmarks = Landmarks(every=(b'"stop_reason":"',))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read a `completion`."""
        draft.response_model = word(answer.get("model")) or draft.response_model
        draft.response_id = word(answer.get("id")) or draft.response_id
        draft.finish_reason = word(answer.get("stop_reason")) or draft.finish_reason
        if draft.content is not None:
            draft.content.add_text(answer.get("completion"))

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; each has the shape of an answer and a piece of its text."""
        self.read_answer(event, draft)
        draft.complete = draft.complete or draft.finish_reason is not None

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text."""
        return bool(event.get("completion"))
