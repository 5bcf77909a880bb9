"""How the SMAPE of one call changed, and whose doing it is."""

from __future__ import annotations

from collections.abc import Hashable
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from ...stats import smape_percent

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Tokens predicted, and tokens that came.
Pair: TypeAlias = "tuple[float, float]"
#: What identifies a call in both runs.
Call = TypeVar("Call", bound=Hashable)


class Change(NamedTuple):
    """Points of SMAPE: the change, and its parts."""

    points: float
    by_predictor: float
    by_actuals: float


def changes(before: Mapping[Call, Pair], now: Mapping[Call, Pair]) -> list[Change]:
    """Return the change of each call that both have with finite numbers, as `before` has them."""
    found = [_change(before[call], now[call]) for call in before if call in now]
    return [change for change in found if isfinite(change.points)]


def _change(before: Pair, now: Pair) -> Change:
    """Split by Shapley's value: each part is the mean over both orders of changing them."""
    predicted, actual = before
    later_predicted, later_actual = now
    old, new = smape_percent(predicted, actual), smape_percent(later_predicted, later_actual)
    other_prediction = smape_percent(later_predicted, actual)
    other_answer = smape_percent(predicted, later_actual)
    by_predictor = (other_prediction - old + new - other_answer) / 2
    return Change(new - old, by_predictor, new - old - by_predictor)
