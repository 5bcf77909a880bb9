"""Judges cassette files without playing them."""

from __future__ import annotations

from .._expiry import recorded_at
from ._inspect import Inspection, inspect
from ._problem import Problem, ProblemKind

__all__ = ["Inspection", "Problem", "ProblemKind", "inspect", "recorded_at"]
