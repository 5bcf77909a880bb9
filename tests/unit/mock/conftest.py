"""A stage for every test of the mock."""

from __future__ import annotations

import pytest
from tests.unit.mock.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A mock without rules, on a clock that jumps."""
    return Stage()
