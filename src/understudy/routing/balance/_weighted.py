"""Round robin by weight, as nginx does it: 5, 1, 1 gives a a b a c a a."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._balance import Candidate, Expected

#: One cycle for each set of providers that are healthy at the same time.
_MOST_CYCLES: Final = 1024


class SmoothCycles:
    """Spreads picks by weight, as evenly as can be; each set of providers has its own cycle."""

    def __init__(self) -> None:
        self._cycles: dict[tuple[str, ...], list[float]] = {}

    def pick(self, names: tuple[str, ...], weights: Sequence[float]) -> int:
        """Return the place of the next in turn."""
        cycle = self._cycles.get(names)
        if cycle is None:
            if len(self._cycles) >= _MOST_CYCLES:
                self._cycles.clear()
            cycle = self._cycles[names] = [0.0] * len(names)
        best = 0
        for place, weight in enumerate(weights):
            cycle[place] += weight
            if cycle[place] > cycle[best]:
                best = place
        cycle[best] -= sum(weights)
        return best


class Weighted:
    """Each provider takes its share by weight: 1 where nobody said another.

    Args:
        is_equal: leave the weights aside: everybody takes the same.
    """

    def __init__(self, *, is_equal: bool = False) -> None:
        self._is_equal = is_equal
        self._cycles = SmoothCycles()
        self._turns: dict[tuple[str, ...], int] = {}

    def pick(self, pool: str, candidates: Sequence[Candidate], _expected: Expected) -> int:
        """Return the place of the next in turn."""
        names = (pool, *[each.provider for each in candidates])
        if self._is_equal:
            return self._next_in_turn(names) % len(candidates)
        return self._cycles.pick(names, [each.weight or 1.0 for each in candidates])

    def _next_in_turn(self, names: tuple[str, ...]) -> int:
        if len(self._turns) >= _MOST_CYCLES:
            self._turns.clear()
        turn = self._turns.get(names, -1) + 1
        self._turns[names] = turn
        return turn
