"""The player: plays a cassette to clients, and records what they are answered."""

from ._player import CassetteMiss, CassettePlayer, Passing
from ._recording import Recording
from ._replay import Replay
from ._stack import CassetteStack

__all__ = ["CassetteMiss", "CassettePlayer", "CassetteStack", "Passing", "Recording", "Replay"]
