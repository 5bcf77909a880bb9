"""The suite that tests the plugin is no user of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def test_no_test_of_ours_begins_a_run(request: pytest.FixtureRequest) -> None:
    """One would put the taps into this process, and its recordings into everybody's tests."""
    users = [
        item.nodeid
        for item in request.session.items
        if any(name.startswith("llm_") for name in getattr(item, "fixturenames", ()))
    ]

    assert users == []
