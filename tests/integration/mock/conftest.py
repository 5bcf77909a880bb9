"""Clients with a mock for every test, on either clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.sdks import MockedClients

from understudy.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def mocked() -> MockedClients:
    """A mock on the real clock, which answers at once."""
    return MockedClients()


@pytest.fixture(scope="session")
def stopped() -> VirtualClock:
    """A virtual clock, made once: it looks through all modules when it runs for the first time."""
    return VirtualClock()


@pytest.fixture
def virtual(stopped: VirtualClock) -> Iterator[MockedClients]:
    """A mock on a virtual clock, as a large model answers."""
    with stopped.running() as clock:
        yield MockedClients(clock, profile="realistic_l3")
