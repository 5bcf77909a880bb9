"""Which markers there are, and who checks each of them. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from .._context import RunContext


class Marker(NamedTuple):
    """A marker: its name, how it is called, what it does, and the module that checks it."""

    name: str
    arguments: str
    help: str
    checked_by: str | None = None


MARKERS: Final = (
    Marker(
        "llm_scenario",
        "(name)",
        "mock the LLM calls of this test, with the turns of a scenario",
        checked_by="_mocks",
    ),
    Marker(
        "llm_cassette",
        "(name=, record=)",
        "play this test's HTTP requests from a cassette, or record them",
        checked_by="_choice",
    ),
    Marker(
        "llm_profile",
        "(name)",
        "delay profile of the mocked LLM calls of this test",
        checked_by="_mocks",
    ),
    Marker(
        "llm_faults",
        "(*names)",
        "faults that befall the mocked LLM calls of this test, one after the other",
        checked_by="_mocks",
    ),
    Marker("llm_ignore", "", "record no LLM call of this test", checked_by="_calls"),
    Marker(
        "llm_budget",
        "(usd=, calls=, tokens=, ttfc_ms=)",
        "fail the test when its LLM calls exceed any of these: list price in USD, logical calls, "
        "input and output tokens, worst time to first content in ms",
        checked_by="_calls",
    ),
    Marker(
        "llm_estimate",
        "(output_tokens=, budget=, category=, complexity=, deliverables=)",
        "predict the output tokens of each LLM call of this test; complexity is low, medium, high "
        "or maintenance",
        checked_by="_calls",
    ),
    Marker(
        "llm_gate",
        "(metric=threshold, ...)",
        "what the figures of this test may do under --llm-gate, as in "
        "llm_gate(cost='+5%', attempts=1, duration={'max': 5000})",
    ),
)


def register_markers(config: pytest.Config) -> None:
    """Tell pytest what our markers are."""
    for marker in MARKERS:
        line = f"{marker.name}{marker.arguments}: {marker.help}"
        config.addinivalue_line("markers", line)


def check_markers(items: Iterable[pytest.Item], context: RunContext) -> None:
    """Refuse markers that mean nothing or contradict each other, before any test runs.

    Only what checks a marker that is there is loaded.

    Raises:
        pytest.UsageError: says which marker of which test, and what to write.
    """
    for item in items:
        for module in dict.fromkeys(_checking(item, context)):
            import_module(f".{module}", __package__).check(item, context)


def _checking(item: pytest.Item, context: RunContext) -> Iterable[str]:
    for marker in MARKERS:
        if marker.checked_by and item.get_closest_marker(marker.name) is not None:
            yield marker.checked_by
    # A cassette may be asked for in other ways.
    serves_vcr = context.settings.vcr_marker and item.get_closest_marker("vcr") is not None
    if serves_vcr or "llm_cassette" in getattr(item, "fixturenames", ()):
        yield "_choice"
