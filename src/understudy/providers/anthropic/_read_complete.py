"""Anthropic's text completions, which never told their usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from ...wire import BaseApi, Landmarks
from ...wire.fields import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft, Peek, Target


class AnthropicComplete(BaseApi):
    """`POST …/v1/complete`."""

    wire_api = "anthropic.complete"
    operation = Operation.TEXT_COMPLETION
    landmarks = Landmarks(every=(b'"stop_reason":"',))

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path; on a stranger's host by the body's `max_tokens_to_sample`."""
        if not target.path.endswith("/complete"):
            return False
        return target.provider == "anthropic" or peek.mentions("max_tokens_to_sample")

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
