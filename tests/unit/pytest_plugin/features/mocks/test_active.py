"""Which mock answers whom."""

from __future__ import annotations

import gc
from weakref import ref

from understudy.clock import RealClock
from understudy.endpoint import Endpoint
from understudy.mock import MockLibrary, MockLLM
from understudy.providers import default_apis
from understudy.pytest_plugin.features.mocks import ActiveMocks
from understudy.telemetry import Owner

REPERTOIRE = MockLibrary.default()


def endpoint() -> Endpoint:
    """Return one of its own."""
    return Endpoint(MockLLM(REPERTOIRE, clock=RealClock()), default_apis())


def active() -> ActiveMocks:
    """Return the mocks of a process."""
    return ActiveMocks(current_owner=Owner, apis=default_apis())


def test_nobody_has_one_at_first() -> None:
    """Calls go out."""
    assert active().of(Owner()) is None


def test_the_own_one_goes_before_the_innermost_wide_one() -> None:
    """And wide ones go in any order."""
    mocks, owner = active(), Owner()
    outer, inner, own = endpoint(), endpoint(), endpoint()
    widest, wide = mocks.in_force(outer), mocks.in_force(inner)
    widest.__enter__()
    wide.__enter__()
    mocks.give(owner, own)

    assert (mocks.of(owner), mocks.of(Owner())) == (own, inner)

    widest.__exit__(None, None, None)
    assert mocks.of(Owner()) is inner
    wide.__exit__(None, None, None)
    assert mocks.of(Owner()) is None
    assert mocks.of(owner) is own


def test_an_owner_is_not_kept_alive() -> None:
    """Nor is its mock."""
    mocks, owner = active(), Owner()
    mocks.give(owner, endpoint())
    mock = ref(mocks.of(owner).mock)  # type: ignore[union-attr]

    del owner
    gc.collect()

    assert mock() is None
