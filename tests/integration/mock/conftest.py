"""Clients with a mock for every test, on either clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.sdks import MockedClients

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.clock import VirtualClock


@pytest.fixture
def mocked() -> MockedClients:
    """A mock on the real clock, which answers at once."""
    return MockedClients()


@pytest.fixture
def virtual(stopped: VirtualClock) -> Iterator[MockedClients]:
    """A mock on a virtual clock, as a large model answers."""
    with stopped.running() as clock:
        yield MockedClients(clock, profile="realistic_l3")
