"""Clocks for the tests of clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.clock import RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def real() -> RealClock:
    """The time of the machine, whatever else runs."""
    return RealClock()


@pytest.fixture(scope="session")
def stopped() -> VirtualClock:
    """A virtual clock, made once: it looks through all modules when it runs for the first time."""
    return VirtualClock()


@pytest.fixture
def virtual(stopped: VirtualClock) -> Iterator[VirtualClock]:
    """A virtual clock that runs during the test."""
    with stopped.running() as clock:
        yield clock
