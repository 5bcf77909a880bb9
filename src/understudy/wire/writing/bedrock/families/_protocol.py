"""What a family of models is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..._framing import Event
    from ..._question import Question
    from ..._reply import Reply


class Family(Protocol):
    """Writes the answers of the models of one maker."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:
        """Return a whole answer."""

    def content_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return the events that bring the content."""

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return at least one event that tells the reason and the usage; an object each."""
