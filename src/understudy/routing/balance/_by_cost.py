"""The cheaper one takes more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ...calls import Usage
from .._errors import RouterConfigError
from ._weighted import SmoothCycles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._provider import Pricer
    from ._balance import Candidate, Expected

_SAMPLE: Final = 1000
_RATES_KEPT: Final = 1024
_Rates: TypeAlias = tuple[float, float, float]


class ByCost:
    """Shares by 1 / price², for the tokens that the request is expected to take.

    A provider without a price, or one that is free, has the weight that it was given; nobody can
    guess one.

    Args:
        price: what a call costs.
    """

    def __init__(self, price: Pricer) -> None:
        self._cycles = SmoothCycles()
        self._price = price
        self._known: dict[tuple[object, ...], tuple[tuple[str, ...], list[_Rates]]] = {}

    def pick(self, pool: str, candidates: Sequence[Candidate], expected: Expected) -> int:
        """Return the place of the next in turn.

        Raises:
            RouterConfigError: one has neither price nor weight.
        """
        asked = (pool, *candidates)
        known = self._known.get(asked)
        if known is None:
            names = (pool, *[each.provider for each in candidates])
            known = names, [self._rates(each) for each in candidates]
            if len(self._known) >= _RATES_KEPT:
                self._known.clear()
            self._known[asked] = known
        names, rates = known
        read, written = expected
        weights = [weight or 1 / (read * r + written * w) ** 2 for weight, r, w in rates]
        return self._cycles.pick(names, weights)

    def _rates(self, candidate: Candidate) -> _Rates:
        """Return the weight that was given, else 0, and what tokens cost that are read, written."""
        if candidate.weight:
            return candidate.weight, 0.0, 0.0
        provider, model = candidate.provider, candidate.model
        read = self._price(provider, model, Usage(_SAMPLE, 0)) or 0
        written = self._price(provider, model, Usage(0, _SAMPLE)) or 0
        if read <= 0 and written <= 0:
            msg = (
                f"balancing by cost: {model} at {provider!r} has no price or is free, so nobody"
                " knows its share. Give that provider a weight."
            )
            raise RouterConfigError(msg)
        return 0.0, read / _SAMPLE, written / _SAMPLE
