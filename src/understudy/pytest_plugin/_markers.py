"""Our markers, as pytest shows them. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

MARKERS: Final = (
    "llm_ignore: record no LLM call of this test",
    (
        "llm_budget(usd=, calls=, tokens=, ttfc_ms=): fail the test when its LLM calls exceed any "
        "of these: list price in USD, logical calls, input and output tokens, worst time to first "
        "content in ms"
    ),
)


def register_markers(config: pytest.Config) -> None:
    """Tell pytest what our markers are."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)
