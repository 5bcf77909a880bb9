"""Our markers: what pytest shows of them, and who checks what they hold. PYTEST_DONT_REWRITE.

They are checked when tests are collected, without anything that the tests will need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pytest

    from .._context import RunContext

#: How each marker is called, and what it does.
MARKERS: Final = {
    "llm_scenario": "(name): mock the LLM calls of this test, with the turns of a scenario",
    "llm_cassette": "(name=, record=): play this test's HTTP requests from a cassette, or record "
    "them",
    "llm_profile": "(name): delay profile of the mocked LLM calls of this test",
    "llm_faults": "(*names): faults that befall the mocked LLM calls of this test, one after the "
    "other",
    "llm_ignore": ": record no LLM call of this test",
    "llm_budget": "(usd=, calls=, tokens=, ttfc_ms=): fail the test when its LLM calls exceed any "
    "of these: list price in USD, logical calls, input and output tokens, worst time to first "
    "content in ms",
    "llm_estimate": "(output_tokens=, budget=, category=, complexity=, deliverables=): predict the "
    "output tokens of each LLM call of this test; complexity is low, medium, high or maintenance",
    "llm_router": "(file, cache={...}, retry={...}, ...): how the llm_router of this test is set "
    "up, with the tables of a router's file, or with such a file",
    "llm_gate": "(metric=threshold, ...): what the figures of this test may do under --llm-gate, "
    "as in llm_gate(cost='+5%', attempts=1, duration={'max': 5000})",
}

#: The modules here that check them; the gate reads its own once there is a baseline.
_CHECKED_BY: Final = {
    "llm_scenario": "_mocks",
    "llm_cassette": "_choice",
    "llm_profile": "_mocks",
    "llm_faults": "_mocks",
    "llm_ignore": "_calls",
    "llm_budget": "_calls",
    "llm_estimate": "_calls",
    "llm_router": "_router",
}


def register_markers(config: pytest.Config) -> None:
    """Tell pytest what our markers are."""
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}{meaning}")


def check_markers(items: Sequence[pytest.Item], context: RunContext) -> None:
    """Refuse markers that mean nothing or contradict each other, before any test runs.

    Only what checks a marker that is there is loaded.

    Raises:
        pytest.UsageError: says which marker of which test, and what to write.
    """
    used = set()
    for item in items:
        for module in dict.fromkeys(_checking(item, context)):
            import_module(f".{module}", __package__).check(item, context)
            used.add(module)
    if "_choice" in used:
        import_module("._choice", __package__).tell_shared(items, context)


def _checking(item: pytest.Item, context: RunContext) -> Iterable[str]:
    for name, module in _CHECKED_BY.items():
        if item.get_closest_marker(name) is not None:
            yield module
    # A cassette may be asked for in other ways.
    serves_vcr = context.settings.vcr_marker and item.get_closest_marker("vcr") is not None
    if serves_vcr or "llm_cassette" in getattr(item, "fixturenames", ()):
        yield "_choice"
