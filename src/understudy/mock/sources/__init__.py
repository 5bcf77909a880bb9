"""What a rule answers with: one reply, several, a function, a scenario, or what fits."""

from __future__ import annotations

from ._auto import Auto
from ._computed import Computed, answer_content
from ._fixed import Fixed
from ._protocol import Answerable, Declined, ReplySource
from ._script import Script
from ._sequence import InOrder
from ._source_of import source_of

__all__ = [
    "Answerable",
    "Auto",
    "Computed",
    "Declined",
    "Fixed",
    "InOrder",
    "ReplySource",
    "Script",
    "answer_content",
    "source_of",
]
