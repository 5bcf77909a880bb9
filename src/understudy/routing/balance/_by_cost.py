"""The cheaper one takes more."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ...calls import Usage
from .._errors import RouterConfigError
from ._weighted import SmoothCycles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._provider import Pricer
    from ._balance import Candidate, Expected

_SAMPLE: Final = 1000
_RATES_KEPT: Final = 1024


class ByCost:
    """Shares by 1 / price², for the tokens that the request is expected to take.

    A provider without a price, or one that is free, has the weight that it was given; nobody can
    guess one.

    Args:
        price: what a call costs.
    """

    def __init__(self, price: Pricer) -> None:
        self._cycles = SmoothCycles()
        self._rates = lru_cache(_RATES_KEPT)(_rates_by(price))

    def pick(self, pool: str, candidates: Sequence[Candidate], expected: Expected) -> int:
        """Return the place of the next in turn.

        Raises:
            RouterConfigError: one has neither price nor weight.
        """
        weights = [each.weight or self._weight(each, expected) for each in candidates]
        return self._cycles.pick((pool, *[each.provider for each in candidates]), weights)

    def _weight(self, candidate: Candidate, expected: Expected) -> float:
        rates = self._rates(candidate.provider, candidate.model)
        price = expected.input_tokens * rates[0] + expected.output_tokens * rates[1]
        if price <= 0:
            msg = (
                f"balancing by cost: {candidate.model} at {candidate.provider!r} has no price or is"
                " free, so nobody knows its share. Give that provider a weight."
            )
            raise RouterConfigError(msg)
        return 1 / price**2


def _rates_by(price: Pricer) -> Callable[[str, str], tuple[float, float]]:
    """Return what tells the nano-USD of a token read and of one written; 0 is unknown."""

    def rates(provider: str, model: str) -> tuple[float, float]:
        read = price(provider, model, Usage(_SAMPLE, 0)) or 0
        written = price(provider, model, Usage(0, _SAMPLE)) or 0
        return read / _SAMPLE, written / _SAMPLE

    return rates
