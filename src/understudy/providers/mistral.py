"""Mistral: OpenAI's wire, and conversations of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..calls import Operation
from ..wire import Asked, BaseApi, Draft, Needed, OtherPath, Provider, Target
from ..wire.fields import mapping, mappings, word
from .openai import read_openai_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..wire import Content, Peek

_PATH = "/conversations"


class MistralConversations(BaseApi):
    """`POST /v1/conversations`, `…/ID` to go on, `…/ID/restart`: Mistral keeps the state.

    An answer may hold several entries: what the model said, which tools of Mistral's own it used,
    which functions are to be called.
    """

    wire_api = "mistral.conversations"
    operation = Operation.CHAT
    home = ("mistral",)
    body_keys = ("inputs",)

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path; OpenAI's conversations, which only keep state, have no `inputs`."""
        before, found, rest = target.path.partition(_PATH)
        depth = rest.removesuffix("/restart").count("/")
        if not found or not before.endswith("/v1") or depth > 1:
            return False
        return self.is_at_home(target) or peek.mentions(*self.body_keys)

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the model; an agent is asked by its id, and the answer names its model."""
        return Asked(word(body.get("model")), body.get("stream") is True)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read a `conversation.response`."""
        draft.response_id = word(answer.get("conversation_id"))
        read_openai_usage(answer.get("usage"), draft)
        for entry in mappings(answer.get("outputs")):
            draft.response_model = word(entry.get("model")) or draft.response_model
            if draft.content is not None:
                _read_entry(entry, draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; the last one tells the usage."""
        kind = event.get("type")
        draft.response_id = draft.response_id or word(event.get("conversation_id"))
        draft.response_model = draft.response_model or word(event.get("model"))
        read_openai_usage(event.get("usage"), draft)
        draft.complete = draft.complete or kind == "conversation.response.done"
        if draft.content is None:
            return
        if kind == "message.output.delta":
            _read_text(event.get("content"), draft.content)
        elif kind == "function.call.delta":
            draft.content.add_tool(
                event.get("tool_call_id") or event.get("id"),
                name=event.get("name"),
                arguments=event.get("arguments"),
                call_id=event.get("tool_call_id"),
            )

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings a piece of text or of a function call."""
        return event.get("type") in ("message.output.delta", "function.call.delta")


def _read_entry(entry: Mapping[str, Any], content: Content) -> None:
    if entry.get("type") == "message.output":
        _read_text(entry.get("content"), content)
    elif entry.get("type") == "function.call":
        content.add_tool(
            entry.get("tool_call_id") or len(content.tools),
            name=entry.get("name"),
            arguments=entry.get("arguments"),
            call_id=entry.get("tool_call_id"),
        )


def _read_text(said: Any, content: Content) -> None:
    """Read a text, one piece of one, or several of them."""
    content.add_text(said)
    for piece in [mapping(said)] if isinstance(said, dict) else mappings(said):
        if piece.get("type") == "text":
            content.add_text(piece.get("text"))


MISTRAL: Final = Provider(
    name="mistral",
    hosts=("api.mistral.ai", "codestral.mistral.ai"),
    suffixes=(".mistral.ai",),
    other_paths=(
        OtherPath.of("mistral.{}", r"/(ocr|agents|conversations|batch)(?:/|$)", anywhere=False),
    ),
    needs=(Needed.key("MISTRAL_API_KEY"),),
    price_list="mistral",
    apis=(MistralConversations(),),
)
