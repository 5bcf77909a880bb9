"""Nova: the messages of Converse, with counts of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._encode import written
from .._converse_message import converse_answer, converse_endings, converse_events
from .._usage import fresh_input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..._framing import Event
    from ..._question import Question
    from ..._reply import Reply


class Nova:
    """Converse's message; each event is an object with its name as the only key."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:  # noqa: ARG002
        """Return a whole answer."""
        whole = converse_answer(reply)
        return {
            "output": whole["output"],
            "stopReason": whole["stopReason"],
            "usage": {**_usage(reply), "totalTokens": whole["usage"]["totalTokens"]},
        }

    def content_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the start and the blocks."""
        return [_wrapped(event) for event in converse_events(reply)]

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return the stop and the usage."""
        stop, _ = converse_endings(reply)
        told = {"usage": _usage(reply), "metrics": {}, "trace": {}}
        return [_wrapped(stop), _wrapped((reply.last, "metadata", written(told)))]


def _wrapped(event: Event) -> Event:
    line, name, data = event
    return line, name, f'{{"{name}":{data}}}'


def _usage(reply: Reply) -> dict[str, int]:
    usage = reply.usage
    return {
        "inputTokens": fresh_input(usage),
        "outputTokens": usage.output_tokens or 0,
        "cacheReadInputTokenCount": usage.cache_read_tokens or 0,
        "cacheWriteInputTokenCount": usage.cache_write_tokens or 0,
    }
