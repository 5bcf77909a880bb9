"""Cohere's Command: its first chat API, without usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import cohere

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..._framing import Event
    from ..._question import Question
    from ..._reply import Reply


class CohereCommand:
    """Answers and events of Cohere's first chat API."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:
        """Return a whole answer; the counts stand in the headers."""
        whole = cohere.chat_answer(question, reply)
        return {name: value for name, value in whole.items() if name != "meta"}

    def content_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the start and the content."""
        return cohere.content_events(reply)

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return the end, which holds the whole answer."""
        return cohere.ending_events(question, reply)
