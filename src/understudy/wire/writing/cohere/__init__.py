"""What Cohere answers."""

from __future__ import annotations

from ._chat_v1 import CohereChatV1, chat_answer, content_events, ending_events
from ._chat_v2 import CohereChatV2
from ._embed import CohereEmbed, embed_answer
from ._generate import CohereGenerateV1

__all__ = [
    "WRITERS",
    "CohereChatV1",
    "CohereChatV2",
    "CohereEmbed",
    "CohereGenerateV1",
    "chat_answer",
    "content_events",
    "embed_answer",
    "ending_events",
]

WRITERS = (CohereChatV1(), CohereChatV2(), CohereGenerateV1(), CohereEmbed("v1"), CohereEmbed("v2"))
