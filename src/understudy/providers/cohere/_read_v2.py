"""Cohere's second chat API, the embeddings of both, and reranking, its own and others'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from ...wire import BaseApi, Content, Draft, Landmarks, Target, read_error
from ...wire.fields import mapping, mappings, word
from ..openai import read_message, read_openai_usage
from ._read_v1 import CohereApi, read_cohere_usage

if TYPE_CHECKING:
    from collections.abc import Mapping


_CONTENT = ("content-delta", "tool-plan-delta", "tool-call-start", "tool-call-delta")


class CohereChatV2(CohereApi):
    """`POST /v2/chat`: messages, streamed as server-sent events."""

    wire_api = "cohere.chat.v2"
    operation = Operation.CHAT
    paths = ("/v2/chat",)
    body_keys = ("model", "messages")
    landmarks = Landmarks(last=(b'"message-end"',), usage=(b'"usage":{',))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        draft.response_id = word(answer.get("id"))
        draft.finish_reason = word(answer.get("finish_reason"))
        read_cohere_usage(answer.get("usage"), draft)
        if draft.content is not None:
            read_message(mapping(answer.get("message")), draft.content, is_whole=True)

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


class CohereEmbed(CohereApi):
    """`POST /v1/embed` or `/v2/embed`: usage is what is billed."""

    operation = Operation.EMBEDDINGS
    body_keys = ("model", "texts")

    def __init__(self, version: str) -> None:
        self.wire_api = f"cohere.embed.{version}"
        self.paths = (f"/{version}/embed",)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        draft.response_id = word(answer.get("id"))
        read_cohere_usage(answer.get("meta"), draft)


class CohereRerank(CohereApi):
    """`POST /v1/rerank` or `/v2/rerank` at Cohere: billed are searches, not tokens."""

    operation = Operation.RERANK
    body_keys = None

    def __init__(self, version: str) -> None:
        self.wire_api = f"cohere.rerank.{version}"
        self.paths = (f"/{version}/rerank",)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        draft.response_id = word(answer.get("id"))
        read_cohere_usage(answer.get("meta"), draft)


class Rerank(BaseApi):
    """`POST …/rerank` as Voyage, Jina, Together and others have it, mostly billed by tokens."""

    wire_api = "rerank"
    operation = Operation.RERANK
    paths = ("/rerank",)
    body_keys = ("query", "documents")

    def is_at_home(self, target: Target) -> bool:
        """Tell whether a provider answers there."""
        return target.known

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read model and usage, which stand where embeddings have them, or where Cohere has."""
        draft.response_model = word(answer.get("model"))
        draft.response_id = word(answer.get("id"))
        read_openai_usage(answer.get("usage"), draft)
        read_cohere_usage(answer.get("meta"), draft)


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
            begins=event.get("type") == "tool-call-start",
        )
