"""The calls of a program that is no run of pytest: watched, stored, and to be looked at."""

from ._recording import Recording, recording

__all__ = ["Recording", "recording"]
