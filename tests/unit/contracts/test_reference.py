"""The whole contract against a router that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.contracts.reference_router import ReferenceAdapter

from understudy.contracts import RouterContract

if TYPE_CHECKING:
    from understudy.contracts import AdapterMaker


class TestReference(RouterContract):
    """It lacks nothing."""

    required = frozenset({"cache"})

    @pytest.fixture
    def adapter(self) -> AdapterMaker:
        """Give it."""
        return ReferenceAdapter
