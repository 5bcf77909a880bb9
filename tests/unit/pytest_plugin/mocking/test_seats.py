"""Which mock answers whom."""

from __future__ import annotations

import gc
from weakref import ref

from understudy.clock import RealClock
from understudy.endpoint import Endpoint
from understudy.mock import MockLibrary, MockLLM
from understudy.pytest_plugin.mocking._seats import Seats
from understudy.telemetry import Owner
from understudy.wire.writing import Answers

LIBRARY = MockLibrary.default()


def endpoint() -> Endpoint:
    """Return one of its own."""
    return Endpoint(MockLLM(LIBRARY, clock=RealClock()), Answers.default())


def test_nobody_has_one_at_first() -> None:
    """Calls go out."""
    assert Seats().of(Owner()) is None


def test_the_own_one_goes_before_the_innermost_wide_one() -> None:
    """And wide ones go in any order."""
    seats, owner = Seats(), Owner()
    outer, inner, own = endpoint(), endpoint(), endpoint()
    seats.push(outer)
    seats.push(inner)
    seats.give(owner, own)

    assert (seats.of(owner), seats.of(Owner())) == (own, inner)

    seats.drop(outer)
    assert seats.of(Owner()) is inner
    seats.drop(inner)
    assert seats.of(Owner()) is None
    assert seats.of(owner) is own


def test_an_owner_is_not_kept_alive() -> None:
    """Nor is its mock."""
    seats, owner = Seats(), Owner()
    seats.give(owner, endpoint())
    mock = ref(seats.of(owner).mock)  # type: ignore[union-attr]

    del owner
    gc.collect()

    assert mock() is None
