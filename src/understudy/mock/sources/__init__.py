"""What a rule answers with: one reply, several, a function, a scenario, or what fits."""

from __future__ import annotations

from ._auto import Auto
from ._computed import Computed, spoken_answer
from ._fixed import Fixed
from ._protocol import Answerable, Declined, Source
from ._said import source_of
from ._script import Script
from ._sequence import InOrder

__all__ = [
    "Answerable",
    "Auto",
    "Computed",
    "Declined",
    "Fixed",
    "InOrder",
    "Script",
    "Source",
    "source_of",
    "spoken_answer",
]
