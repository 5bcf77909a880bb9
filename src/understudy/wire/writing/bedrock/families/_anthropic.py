"""Claude: Anthropic's messages, under Bedrock's ids."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ... import anthropic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..._framing import Event
    from ..._question import Question
    from ..._reply import Reply

_NAME = re.compile(r"anthropic\.(.+?)(?:-v\d+)?(?::\d+)?$")


class Anthropic:
    """Anthropic's Messages API without its pings and its server-sent events."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:
        """Return a `message`."""
        return anthropic.message(_named(question), _marked(reply))

    def content_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return the start and the blocks."""
        events = anthropic.content_events(_named(question), _marked(reply))
        return [event for event in events if event[1] != "ping"]

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the last delta and the stop."""
        return anthropic.ending_events(reply)


def _named(question: Question) -> Question:
    """Let the message name the model as Anthropic does, without region and version."""
    found = _NAME.search(question.model_of(None))
    return replace(question, model=found[1]) if found else question


def _marked(reply: Reply) -> Reply:
    return replace(reply, id=f"bdrk_{reply.id}")
