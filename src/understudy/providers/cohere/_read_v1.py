"""Cohere's first chat and generate APIs, and the usage block of all its APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from ...wire import BaseApi, Content, Draft, Landmarks, Target
from ...wire.fields import consistent, count, first, is_empty, mapping, mappings, word

if TYPE_CHECKING:
    from collections.abc import Mapping


class CohereApi(BaseApi):
    """What Cohere's wire APIs share."""

    def is_at_home(self, target: Target) -> bool:
        """Tell whether Cohere answers there, itself or behind a gateway that names it."""
        return target.provider == "cohere" or "/cohere/" in target.path


class CohereChatV1(CohereApi):
    """`POST /v1/chat`: one text, streamed as JSON lines."""

    wire_api = "cohere.chat.v1"
    operation = Operation.CHAT
    paths = ("/v1/chat",)
    body_keys = None
    landmarks = Landmarks(last=(b'"stream-end"',), usage=(b'"meta":{',))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer, or the one that a stream ends with."""
        draft.response_id = word(answer.get("response_id")) or word(answer.get("generation_id"))
        draft.finish_reason = word(answer.get("finish_reason"))
        read_cohere_usage(answer.get("meta"), draft)
        if draft.content is not None:
            draft.content.add_text(answer.get("text"))
            _read_tools(answer, draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event: pieces of text, and at the end the whole answer."""
        kind = event.get("event_type")
        if kind == "stream-end":
            draft.complete = True
            draft.finish_reason = word(event.get("finish_reason"))
            answer = mapping(event.get("response"))
            draft.response_id = word(answer.get("response_id")) or draft.response_id
            read_cohere_usage(answer.get("meta"), draft)
        elif kind == "stream-start":
            draft.response_id = word(event.get("generation_id"))
        elif draft.content is not None and kind == "text-generation":
            draft.content.add_text(event.get("text"))
        elif draft.content is not None:
            _read_tools(event, draft.content)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text or tool calls."""
        kind = event.get("event_type")
        return kind in ("tool-calls-chunk", "tool-calls-generation") or (
            kind == "text-generation" and bool(event.get("text"))
        )


class CohereGenerateV1(CohereApi):
    """`POST /v1/generate`."""

    wire_api = "cohere.generate.v1"
    operation = Operation.TEXT_COMPLETION
    paths = ("/v1/generate", "/generate")
    body_keys = None

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer; of several generations the first one counts."""
        generation = first(answer.get("generations"))
        draft.response_id = word(answer.get("id"))
        draft.finish_reason = word(generation.get("finish_reason"))
        read_cohere_usage(answer.get("meta"), draft)
        if draft.content is not None:
            draft.content.add_text(generation.get("text"))

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read a piece of text; the last event has `is_finished`."""
        if event.get("is_finished") is True:
            draft.complete = True
            draft.finish_reason = word(event.get("finish_reason"))
            read_cohere_usage(mapping(event.get("response")).get("meta"), draft)
        elif draft.content is not None:
            draft.content.add_text(event.get("text"))

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event brings text."""
        return bool(event.get("text"))


def _read_tools(answer: Mapping[str, Any], content: Content) -> None:
    for call in mappings(answer.get("tool_calls")):
        content.add_call(call.get("name"), call.get("parameters") or {})


def read_cohere_usage(block: Any, draft: Draft) -> None:
    """Take usage from `usage` (v2) or `meta` (v1); anything else changes nothing."""
    if isinstance(block, dict) and ("tokens" in block or "billed_units" in block):
        draft.take_usage(cohere_usage(block), block)


def cohere_usage(block: Mapping[str, Any]) -> Usage:
    """Take `tokens`; `billed_units`, which set the cost, only where there are no tokens."""
    tokens, billed = mapping(block.get("tokens")), mapping(block.get("billed_units"))
    tokens = billed if is_empty(tokens) and not is_empty(billed) else tokens
    return consistent(
        Usage(
            input_tokens=count(tokens.get("input_tokens")),
            output_tokens=count(tokens.get("output_tokens")),
            cache_read_tokens=count(block.get("cached_tokens")),
        )
    )
