"""Gemini's Interactions API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from ...wire import BaseApi, Content, Draft
from ...wire.fields import consistent, count, known_sum, mapping, mappings, plus, word

if TYPE_CHECKING:
    from collections.abc import Mapping


class GoogleInteractions(BaseApi):
    """`POST …/interactions`."""

    wire_api = "google.interactions"
    operation = Operation.GENERATE_CONTENT
    paths = ("/interactions",)
    home = ("google", "vertex")
    body_keys = ("model", "input")
    is_polled = True

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an interaction."""
        _read_head(answer, draft)
        if draft.content is not None:
            for step in mappings(answer.get("steps")):
                for piece in mappings(step.get("content")):
                    _read_piece(piece, draft.content)
                _read_piece(step, draft.content)
            for output in mappings(answer.get("outputs")):
                _read_piece(output, draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; the last one tells the usage."""
        _read_head(mapping(event.get("interaction")), draft)
        kind = event.get("event_type")
        draft.complete = draft.complete or kind in ("interaction.complete", "interaction.completed")
        if draft.content is not None:
            _read_step(event, draft.content)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event is a delta of text, thoughts, data or a function call."""
        delta = mapping(event.get("delta"))
        return delta.get("type") != "thought_signature" and any(
            value for name, value in delta.items() if name != "type"
        )


def _read_head(interaction: Mapping[str, Any], draft: Draft) -> None:
    draft.response_model = word(interaction.get("model")) or draft.response_model
    draft.response_id = word(interaction.get("id")) or draft.response_id
    draft.service_tier = word(interaction.get("service_tier")) or draft.service_tier
    _read_usage(interaction.get("usage"), draft)


def _read_step(event: Mapping[str, Any], content: Content) -> None:
    """Read what an event adds: a function call begins with its name, its arguments follow."""
    begun, delta = mapping(event.get("step")), mapping(event.get("delta"))
    if begun.get("type") == "function_call":
        given = json.dumps(begun["arguments"]) if begun.get("arguments") else None
        name, call_id, place = begun.get("name"), begun.get("id"), event.get("index")
        content.add_tool(place, name=name, arguments=given, call_id=call_id, begins=True)
    elif delta.get("type") == "arguments_delta":
        content.add_tool(event.get("index"), arguments=delta.get("arguments"))
    else:
        _read_piece(delta, content)


def _read_piece(piece: Mapping[str, Any], content: Content) -> None:
    if piece.get("type") == "text":
        content.add_text(piece.get("text"))
    elif piece.get("type") == "function_call":
        content.add_call(piece.get("name"), piece.get("arguments") or {}, piece.get("id"))


def _read_usage(block: Any, draft: Draft) -> None:
    """Normalise: thoughts stand outside the output, tool use outside the input."""
    if not isinstance(block, dict) or not block:
        return
    thoughts = count(block.get("total_thought_tokens"))
    told = Usage(
        input_tokens=plus(
            count(block.get("total_input_tokens")), count(block.get("total_tool_use_tokens"))
        ),
        output_tokens=known_sum(count(block.get("total_output_tokens")), thoughts),
        cache_read_tokens=count(block.get("total_cached_tokens")),
        reasoning_tokens=thoughts,
    )
    draft.take_usage(consistent(told), block)
