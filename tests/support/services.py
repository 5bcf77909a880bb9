"""Programs of others that tests start: PostgreSQL, Redis and the like."""

from __future__ import annotations

import os
from typing import TypeVar

import pytest

T = TypeVar("T")


def needed(name: str, found: T | None) -> T:
    """Return what was found of a service; without it the test is skipped.

    It fails instead where `UNDERSTUDY_TEST_REQUIRE` names the service, between commas.
    """
    if found is not None:
        return found
    if name in os.environ.get("UNDERSTUDY_TEST_REQUIRE", "").split(","):
        pytest.fail(f"{name} is not installed, and UNDERSTUDY_TEST_REQUIRE asks for it")
    pytest.skip(f"{name} is not installed")
