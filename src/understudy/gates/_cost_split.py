"""Why a cost changed: another price table, another model, or more of the same.

Both sides are priced anew with one table at one time. Tokens that one model lost and another
won moved between them: that is the model's part. What is won or lost beyond it is quantity.
What is left, the same calls at other prices, is the price table's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ..calls import Usage
from ..pricing import BilledCall, PriceBook, Quantities, Terms
from ._metrics import ATTEMPTS, COST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    Models = Mapping[str, Mapping[str, int]]

_COUNTS: Final = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
)
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class CostSplit:
    """The parts of a change in cost, in 1e-9 USD; they add up to it.

    `baseline` is what the baseline's calls cost with today's prices.
    """

    baseline: int
    quantity: int
    model: int
    price_table: int


class Repricing:
    """Prices what a baseline records as of one time, with one price book."""

    def __init__(self, book: PriceBook, at: datetime) -> None:
        self._book = book
        self._at = at

    def split(self, before: Models, after: Models) -> CostSplit | None:
        """Split the change of a test's cost.

        None where today's prices do not give what today's calls cost: a provider that bills
        otherwise, searches, a step of the price at long inputs. Nothing is then blamed on
        the price table.
        """
        was, now = _cost(before), _cost(after)
        repriced_now = self._price(after)
        if repriced_now is None or abs(repriced_now - now) > rounding_of(after):
            return None
        repriced = self._price(before)
        if repriced is None:
            return None
        moved = self._price(_moved(before, after))
        between = repriced if moved is None else moved
        return CostSplit(
            baseline=repriced,
            quantity=repriced_now - between,
            model=between - repriced,
            price_table=(now - was) - (repriced_now - repriced),
        )

    def _price(self, models: Models) -> int | None:
        total = 0
        for model, sums in models.items():
            if not any(sums.get(count) for count in _COUNTS):
                continue
            price = self._book.price(self._billed_call(model, sums)).nanousd
            if price is None:
                return None
            total += price
        return total

    def _billed_call(self, name: str, sums: Mapping[str, int]) -> BilledCall:
        provider, _, model = name.partition("/")
        tokens = Usage(**{count: sums.get(count, 0) for count in _COUNTS})
        return BilledCall(
            models=(model,),
            provider=None if provider == _UNKNOWN else provider,
            wire_api=None,
            quantities=Quantities(tokens),
            terms=Terms(),
            at=self._at,
        )


def rounding_of(models: Models) -> int:
    """Return how far the price of a sum may be from the sum of the prices, in 1e-9 USD."""
    attempts = sum(sums.get(ATTEMPTS, 0) for sums in models.values())
    return (attempts + 1) // 2 if attempts > 1 else 0


def _cost(models: Models) -> int:
    return sum(sums.get(COST, 0) for sums in models.values())


def _moved(before: Models, after: Models) -> dict[str, dict[str, int]]:
    """Return the tokens of `before`, on the models that have them in `after`."""
    models = before.keys() | after.keys()
    between: dict[str, dict[str, int]] = {model: {} for model in sorted(models)}
    for count in _COUNTS:
        old = {model: before.get(model, {}).get(count, 0) for model in models}
        change = {model: after.get(model, {}).get(count, 0) - old[model] for model in models}
        won = sum(max(each, 0) for each in change.values())
        lost = sum(max(-each, 0) for each in change.values())
        for model, each in change.items():
            part = Fraction(min(won, lost), won if each > 0 else lost) if each else Fraction(0)
            between[model][count] = old[model] + round(each * part)
    return between
