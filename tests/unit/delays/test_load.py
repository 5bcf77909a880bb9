"""Latency under load."""

from __future__ import annotations

import pytest

from understudy.delays import Load


@pytest.mark.parametrize(("in_flight", "factor"), [(0, 1), (1, 1), (4, 1), (5, 1.25), (8, 2)])
def test_each_call_beyond_the_free_ones_adds_its_part(in_flight: int, factor: float) -> None:
    """The free ones cost nothing."""
    assert Load(per_call=0.25, free=4).factor(in_flight) == factor


def test_the_factor_stops_at_its_limit() -> None:
    """A provider scales out at some point."""
    assert Load(per_call=1, limit=3).factor(50) == 3


@pytest.mark.parametrize(
    "keys", [{"per_call": -0.1}, {"per_call": 1, "free": -1}, {"per_call": 1, "limit": 0.5}]
)
def test_what_makes_no_sense_is_refused(keys: dict[str, float]) -> None:
    """Load never makes an answer faster."""
    with pytest.raises(ValueError, match=next(reversed(keys))):
        Load(**keys)  # type: ignore[arg-type]
