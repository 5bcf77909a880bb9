"""Tells whether a test uses anything of ours. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

_FIXTURES: Final = frozenset({"llm_calls", "llm_telemetry"})
_MARKERS: Final = ("llm_budget",)


def uses_us(item: pytest.Item) -> bool:
    """Tell whether a test needs its calls recorded, telemetry on or off."""
    if not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
        return True
    return any(marker in item.keywords for marker in _MARKERS)
