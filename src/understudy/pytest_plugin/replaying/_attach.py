"""Gives a test the fixture that its marker means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ._choice import FIXTURE, MARKER

if TYPE_CHECKING:
    from collections.abc import Sequence


def attach(item: pytest.Item) -> None:
    """Let a test ask for its cassette, before its own fixtures and behind those of wider scope.

    Raises:
        pytest.UsageError: a scenario is to answer the same calls.
    """
    if item.get_closest_marker(MARKER) and item.get_closest_marker("llm_scenario"):
        msg = (
            f"{item.nodeid}: llm_scenario and llm_cassette both answer the calls of this test."
            " Drop one."
        )
        raise pytest.UsageError(msg)
    test: Any = item
    names = getattr(test, "fixturenames", None)
    if names is not None and FIXTURE not in names:
        place = _first_narrow(test, names)
        test.fixturenames = [*names[:place], FIXTURE, *names[place:]]


def _first_narrow(item: Any, names: Sequence[str]) -> int:
    """Return the place of the first fixture that is set up for this test alone."""
    known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001 - as pytest's own plugins do
    for place, name in enumerate(names):
        definitions = known.get(name)
        if definitions and definitions[-1].scope == "function":
            return place
    return len(names)
