"""Telemetry that is told what happens."""

from __future__ import annotations

import pytest
from tests.unit.telemetry.samples import Bench


@pytest.fixture
def bench() -> Bench:
    """Telemetry of a run in which one test runs."""
    return Bench()
