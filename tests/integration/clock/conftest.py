"""Clocks for the tests of clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.loopback import Loopback

from understudy.clock import RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def real() -> RealClock:
    """The time of the machine, whatever else runs."""
    return RealClock()


@pytest.fixture
def virtual(stopped: VirtualClock) -> Iterator[VirtualClock]:
    """A virtual clock that runs during the test, and knows a busy machine from an idle one."""
    with stopped.running() as clock:
        yield clock


@pytest.fixture(scope="session")
def loopback() -> Iterator[Loopback]:
    """A slow server, which runs on the machine's time."""
    with Loopback() as server:
        yield server
