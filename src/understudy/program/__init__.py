"""The calls of a program that is no run of pytest: watched, stored, and to be looked at."""

from ._calls import RecordedCalls
from ._recording import Recording, recording

__all__ = ["RecordedCalls", "Recording", "recording"]
