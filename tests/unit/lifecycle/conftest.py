"""Telemetry that takes lifecycle events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.telemetry.samples import Bench

from understudy.telemetry import activated

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Telemetry of a run in which one test runs, active in this process."""
    bench = Bench()
    with activated(bench.telemetry):
        yield bench
