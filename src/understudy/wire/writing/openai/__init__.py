"""What OpenAI answers, and everybody who speaks its wire APIs."""

from __future__ import annotations

from ._chat import OpenAIChat, chat_answer
from ._chat_stream import content_events, ending_events
from ._completions import OpenAICompletions
from ._embeddings import OpenAIEmbeddings
from ._responses import OpenAIResponses

__all__ = [
    "WRITERS",
    "OpenAIChat",
    "OpenAICompletions",
    "OpenAIEmbeddings",
    "OpenAIResponses",
    "chat_answer",
    "content_events",
    "ending_events",
]

WRITERS = (OpenAIChat(), OpenAIResponses(), OpenAIEmbeddings(), OpenAICompletions())
