"""A theatre for every test, on either clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.mock.theatre import Theatre

from understudy.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def theatre() -> Theatre:
    """A mock on the real clock, which answers at once."""
    return Theatre()


@pytest.fixture
def virtual() -> Iterator[Theatre]:
    """A mock on a virtual clock, as a large model answers."""
    with VirtualClock().running() as clock:
        yield Theatre(clock, profile="realistic_l3")
