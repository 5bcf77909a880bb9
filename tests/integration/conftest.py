"""A fake provider that all integration tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    """One fake provider on loopback for the whole session."""
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """The fake provider, which remembers nothing of earlier tests."""
    running_provider.reset()
    return running_provider
