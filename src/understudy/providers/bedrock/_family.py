"""The family of models behind Bedrock's Invoke that one maker's answers are those of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...wire.writing import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...wire.writing import Event, Question, Reply


def _no_events(_question: Question, _reply: Reply) -> list[Event]:
    return []


@dataclass(frozen=True, slots=True)
class Family:
    """How the models of one maker answer.

    `answer` is the whole of it, `content` are the events that bring the content, `endings`
    those that tell the reason and the usage, an object each: the whole answer where the
    models do not stream.
    """

    answer: Callable[[Question, Reply], Mapping[str, Any]]
    content: Callable[[Question, Reply], list[Event]] = _no_events
    endings: Callable[[Question, Reply], list[Event]] | None = None

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return at least one event that ends a stream."""
        if self.endings is not None:
            return self.endings(question, reply)
        return [(reply.last, "", json_text(self.answer(question, reply)))]
