"""Our markers, as pytest shows them. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

MARKERS: Final = (
    "llm_scenario(name): mock the LLM calls of this test, with the turns of a scenario",
    "llm_cassette(name=, record=): play this test's HTTP requests from a cassette, or record them",
    "llm_profile(name): delay profile of the mocked LLM calls of this test",
    "llm_faults(*names): faults that befall the mocked LLM calls of this test, one after the other",
    "llm_ignore: record no LLM call of this test",
    (
        "llm_budget(usd=, calls=, tokens=, ttfc_ms=): fail the test when its LLM calls exceed any "
        "of these: list price in USD, logical calls, input and output tokens, worst time to first "
        "content in ms"
    ),
    (
        "llm_estimate(output_tokens=, budget=, category=, complexity=, deliverables=): predict the "
        "output tokens of each LLM call of this test; complexity is low, medium, high or "
        "maintenance"
    ),
    (
        "llm_gate(metric=threshold, ...): what the figures of this test may do under --llm-gate, "
        "as in llm_gate(cost='+5%', attempts=1, duration={'max': 5000})"
    ),
)


def register_markers(config: pytest.Config) -> None:
    """Tell pytest what our markers are."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)
