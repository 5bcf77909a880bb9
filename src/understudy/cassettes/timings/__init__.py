"""The timing of recorded answers, for delay profiles to learn from."""

from __future__ import annotations

from ._answers import measured_answer, measured_answers
from ._recorded_profile import recorded_profile

__all__ = ["measured_answer", "measured_answers", "recorded_profile"]
