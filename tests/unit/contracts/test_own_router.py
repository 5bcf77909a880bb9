"""Our own router keeps the whole contract, awaited and blocking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.contracts import (
    RouterContract,
    own_blocking_router_adapter,
    own_router_adapter,
)

if TYPE_CHECKING:
    from understudy.contracts import AdapterMaker


class TestOurs(RouterContract):
    """As tasks use it."""

    @pytest.fixture
    def adapter(self) -> AdapterMaker:
        """Give it."""
        return own_router_adapter


class TestOursInThreads(RouterContract):
    """As threads use it."""

    @pytest.fixture
    def adapter(self) -> AdapterMaker:
        """Give it."""
        return own_blocking_router_adapter
