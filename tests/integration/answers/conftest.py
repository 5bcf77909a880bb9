"""Clients for every test of answers."""

from __future__ import annotations

import pytest
from tests.support.sdks import OneReply


@pytest.fixture
def answered() -> OneReply:
    """Clients whom every request is answered with hello."""
    return OneReply()
