"""Every store of ours keeps one contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.contracts.store_contract import StoreContract

from understudy.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class TestSqliteStore(StoreContract):
    """The store in a file."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        """Yield an empty store."""
        with open_store(tmp_path / "telemetry.db") as store:
            yield store


class TestPostgresStore(StoreContract):
    """The store on a server."""

    @pytest.fixture
    def store(self, postgres_url: str) -> Iterator[Store]:
        """Yield an empty store."""
        with open_store(postgres_url) as store:
            yield store
