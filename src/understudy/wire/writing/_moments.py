"""Moments as most providers write them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

NEW_YEAR_2026 = 1_767_225_600


@lru_cache(maxsize=64)
def moment(seconds: int) -> str:
    """Return `seconds` since 1970 as `2026-01-01T00:00:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
