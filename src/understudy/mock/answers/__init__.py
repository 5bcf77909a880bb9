"""What a rule answers with: one reply, several, a function, a scenario, or what fits."""

from ._auto import Auto
from ._sources import (
    Answerable,
    Declined,
    EveryScript,
    Fixed,
    InOrder,
    ReplySource,
    Script,
    answer_content,
    source_of,
)

__all__ = [
    "Answerable",
    "Auto",
    "Declined",
    "EveryScript",
    "Fixed",
    "InOrder",
    "ReplySource",
    "Script",
    "answer_content",
    "source_of",
]
