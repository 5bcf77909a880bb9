"""Which tests use anything of ours."""

from __future__ import annotations

import pytest

from understudy.pytest_plugin._test_needs import needs_session

MARKERS = ("llm_budget", "llm_cassette", "llm_estimate", "llm_faults", "llm_scenario")


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_of_ours_needs_a_session(pytester: pytest.Pytester, marker: str) -> None:
    """On the test or around it."""
    source = f"import pytest\n@pytest.mark.{marker}\ndef test_func(): pass"

    assert needs_session(pytester.getitem(source))


@pytest.mark.parametrize("marker", MARKERS)
def test_a_parameter_of_that_name_needs_none(pytester: pytest.Pytester, marker: str) -> None:
    """Pytest holds the names of parameters among the keywords of a test."""
    source = f"""
import pytest
@pytest.mark.parametrize("word", ["{marker}"])
def test_func(word): pass
"""
    (item,) = pytester.getitems(source)

    assert not needs_session(item)


@pytest.mark.parametrize("fixture", ["llm_api", "llm_calls", "llm_cassette", "llm_clock"])
def test_a_fixture_of_ours_needs_a_session(pytester: pytest.Pytester, fixture: str) -> None:
    """Whoever asks for it."""
    pytester.makeconftest("")

    item = pytester.getitem(f"def test_func({fixture}): pass")

    assert needs_session(item)
