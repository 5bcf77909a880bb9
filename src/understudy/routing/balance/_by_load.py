"""The one that would answer first."""

from __future__ import annotations

from math import inf
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._balance import Candidate, Expected, ExpectedMs


class _Shortest:
    """Picks the smallest time * (in flight + 1); of equals the one that was picked longest ago.

    Latency alone herds all requests onto one provider. One whose time is unknown is taken for a
    middling one.
    """

    def __init__(self) -> None:
        self._turn = 0
        self._picked: dict[str, int] = {}

    def pick(self, candidates: Sequence[Candidate], times: Sequence[float | None]) -> int:
        """Return the place of the one to ask."""
        if None in times:
            known = [time for time in times if time is not None]
            middle = median(known) if known else 1.0
            times = [middle if time is None else time for time in times]
        last = self._picked

        def _since(each: Candidate) -> int:
            return last.get(each.provider, 0)

        best, least = 0, inf
        for place, each in enumerate(candidates):
            load = times[place] * (each.in_flight + 1)  # type: ignore[operator]
            if load < least or (load == least and _since(each) < _since(candidates[best])):
                best, least = place, load
        self._turn += 1
        last[candidates[best].provider] = self._turn
        return best


class LeastLoaded:
    """By latency of late * requests in flight."""

    def __init__(self) -> None:
        self._shortest = _Shortest()

    def pick(self, _pool: str, candidates: Sequence[Candidate], _expected: Expected) -> int:
        """Return the place of the one to ask."""
        return self._shortest.pick(candidates, [each.latency_ms for each in candidates])


class ByEfficiency:
    """By the time that measurements promise for a request of this size.

    Args:
        expected_ms: asked for each provider under the router's lock, so it must be quick.
    """

    def __init__(self, expected_ms: ExpectedMs) -> None:
        self._expected_ms = expected_ms
        self._shortest = _Shortest()

    def pick(self, _pool: str, candidates: Sequence[Candidate], expected: Expected) -> int:
        """Return the place of the one to ask."""
        tokens = expected.input_tokens, expected.output_tokens
        times = [self._expected_ms(each.provider, each.model, *tokens) for each in candidates]
        return self._shortest.pick(candidates, times)
