"""What the paired rule found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._verdict import Verdict


@dataclass(frozen=True, slots=True)
class PairedVerdict:
    """What is said of the SMAPE of one group of calls, 0 to 200 points.

    Attributes:
        points: mean change of SMAPE over the calls that both runs made; positive is worse.
        by_predictor: how much of it comes of other predictions.
        by_actuals: how much of it comes of other answers; the two sum up to `points`.
        p: how likely a change as large in the direction of the verdict is by chance.
        pairs: how many calls both runs made.
        unmatched: how many only one of them made; they are not compared.
    """

    key: str
    verdict: Verdict
    reason: str
    points: float | None = None
    by_predictor: float | None = None
    by_actuals: float | None = None
    p: float | None = None
    pairs: int = 0
    unmatched: int = 0
