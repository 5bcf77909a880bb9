"""The deck: plays a cassette to clients, and records what they are answered."""

from __future__ import annotations

from ._deck import Deck
from ._in_force import DecksInForce
from ._miss import CassetteMiss
from ._passing import Passing
from ._recording import Recording
from ._replay import Replay

__all__ = ["CassetteMiss", "Deck", "DecksInForce", "Passing", "Recording", "Replay"]
