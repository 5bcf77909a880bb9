"""How good predictions are."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from ..stats import is_underestimated, smape_percent, waste_ratio

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..events import TokenEstimate


class Pair(NamedTuple):
    """Output tokens of one call, predicted and actual."""

    predicted: int
    actual: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How good the predictions of `calls` were; None where there is nothing to tell.

    `smape_percent` is the mean over the calls, from 0 to 200; `waste_ratio` the mean of
    predicted / actual over those that wrote anything; `underestimated` counts the calls that
    wrote more than predicted.
    """

    calls: int
    smape_percent: float | None
    waste_ratio: float | None
    underestimated: int
    predicted_tokens: int
    actual_tokens: int

    @property
    def underestimated_percent(self) -> float | None:
        """The share of calls that wrote more than predicted."""
        return 100 * self.underestimated / self.calls if self.calls else None


def pair_of(estimate: TokenEstimate) -> Pair | None:
    """Return prediction and outcome, None where the outcome is unknown."""
    actual = estimate.actual_output_tokens
    return None if actual is None else Pair(estimate.predicted_output_tokens, actual)


def pairs_of(estimates: Iterable[TokenEstimate]) -> list[Pair]:
    """Return the pairs of those estimates whose outcome is known."""
    return [pair for pair in map(pair_of, estimates) if pair is not None]


def accuracy_of(pairs: Iterable[Pair]) -> Accuracy:
    """Say how good predictions were."""
    pairs = list(pairs)
    ratios = [ratio for pair in pairs if (ratio := waste_ratio(*pair)) is not None]
    return Accuracy(
        calls=len(pairs),
        smape_percent=fmean(smape_percent(*pair) for pair in pairs) if pairs else None,
        waste_ratio=fmean(ratios) if ratios else None,
        underestimated=sum(is_underestimated(*pair) for pair in pairs),
        predicted_tokens=sum(pair.predicted for pair in pairs),
        actual_tokens=sum(pair.actual for pair in pairs),
    )
