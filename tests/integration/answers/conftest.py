"""A stage for every test of answers."""

from __future__ import annotations

import pytest
from tests.integration.answers.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A stage that says hello."""
    return Stage()
