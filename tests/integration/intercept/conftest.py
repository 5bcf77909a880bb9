"""Taps over the fake provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.watcher import Watcher

from understudy.intercept import Taps

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """An observer of every request while the test runs; a fault of a tap fails the test."""
    watcher = Watcher()
    with Taps(watcher):
        yield watcher
    assert watcher.faults == []
