"""The databases that the contracts are tested on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.postgres_server import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the whole session."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty schema."""
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres_server.url(), autocommit=True) as database:
        database.execute("CREATE SCHEMA llm")
        yield postgres_server.url(schema="llm")
        database.execute("DROP SCHEMA llm CASCADE")
