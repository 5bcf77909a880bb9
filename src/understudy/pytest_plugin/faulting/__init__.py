"""Faults in pytest: which of them befall the mocked calls of a test."""

from __future__ import annotations

from ._faulting import Faulting
from ._planned import planned_for

__all__ = ["Faulting", "planned_for"]
