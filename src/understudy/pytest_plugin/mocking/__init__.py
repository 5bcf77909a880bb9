"""Mocks and the clock in pytest: which call is answered by which mock, and in whose time."""

from __future__ import annotations

from ._dummy_keys import dummy_keys
from ._mocking import Mocking
from ._profiles import profile_of
from ._stage_time import StageTime, clock_of

__all__ = ["Mocking", "StageTime", "clock_of", "dummy_keys", "profile_of"]
