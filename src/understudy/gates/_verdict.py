"""The words of a gate, and what each does to a run."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

Colour = Literal["red", "yellow", "green"]


class Verdict(StrEnum):
    """What a gate says of a figure.

    PASS, NEW and IMPROVED are green. INCONCLUSIVE and ENV_MISMATCH are yellow: a warning,
    red where the gate is strict. FAIL, MISSING, SUITE_SHIFT and NO_COMPARISON are red.
    """

    PASS = "PASS"  # noqa: S105 - a verdict
    NEW = "NEW"
    IMPROVED = "IMPROVED"
    INCONCLUSIVE = "INCONCLUSIVE"
    ENV_MISMATCH = "ENV_MISMATCH"
    FAIL = "FAIL"
    MISSING = "MISSING"
    SUITE_SHIFT = "SUITE_SHIFT"
    NO_COMPARISON = "NO_COMPARISON"

    @property
    def colour(self) -> Colour:
        """What it does to the run."""
        if self in _RED:
            return "red"
        return "yellow" if self in _YELLOW else "green"

    def fails(self, *, strict: bool = False) -> bool:
        """Tell whether it fails the run."""
        return self.colour == "red" or (strict and self.colour == "yellow")


_RED: Final = frozenset({Verdict.FAIL, Verdict.MISSING, Verdict.SUITE_SHIFT, Verdict.NO_COMPARISON})
_YELLOW: Final = frozenset({Verdict.INCONCLUSIVE, Verdict.ENV_MISMATCH})
