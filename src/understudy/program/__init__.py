"""The calls of a program that is no run of pytest: watched, stored, and to be looked at."""

from ._recording import Recording, recording
from ._settings import read_settings

__all__ = ["Recording", "read_settings", "recording"]
