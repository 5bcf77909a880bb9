"""Models that speak OpenAI's chat: gpt-oss, Qwen, Jamba and whoever comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import openai

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..._framing import Event
    from ..._question import Question
    from ..._reply import Reply


class OpenAILike:
    """Chat completions and their chunks."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:
        """Return a `chat.completion`."""
        return openai.chat_answer(question, reply)

    def content_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return the role and the content."""
        return openai.content_events(question, reply)

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return the finish reason with the usage."""
        return openai.ending_events(question, reply)
