"""Real SDKs, answered and not answered."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from tests.support.asking import WAYS

if TYPE_CHECKING:
    from tests.support.suite import Suite


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


INSTALLED = [
    pytest.param(
        way, marks=pytest.mark.skipif(not _is_there(needed), reason=f"{needed} is not installed")
    )
    for way, needed in WAYS.items()
]


@pytest.mark.parametrize("way", INSTALLED)
def test_a_call_is_answered(suite: Suite, way: str) -> None:
    """In the wire format of who is called, without any key in the environment."""
    suite.write(f"""
        import os
        from asking import {way} as ask

        def test_it(mock_llm):
            mock_llm.reply("Bonjour")
            assert ask() == "Bonjour"
            (call,) = mock_llm.calls
            assert call.user_text == "Hello?"

        def test_the_keys_are_taken_back():
            assert not any("API_KEY" in name or "AWS_D" in name for name in os.environ)
    """)

    suite.run(telemetry=False).assert_outcomes(passed=2)


@pytest.mark.parametrize("way", INSTALLED)
def test_a_forgotten_mock_fails_by_name(suite: Suite, way: str) -> None:
    """Once, with what was asked and what to add."""
    suite.write(f"""
        from asking import {way} as ask

        def test_it(mock_llm):
            mock_llm.on(contains="Rome").reply("sun")
            ask()
    """)

    result = suite.run("-pno:warnings", telemetry=False)

    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert text.count("Its only rule: ") == 1
    assert "::test_it - Failed: POST " in text  # the summary cuts what follows
    assert "contains 'Rome', but it is 'Hello?'" in text
    assert "site-packages" not in text
    assert "Add mock_llm.on(contains='Hello?')" in text


@pytest.mark.parametrize("way", INSTALLED)
def test_a_suite_that_knows_nothing_of_us_is_mocked(suite: Suite, way: str) -> None:
    """By one option."""
    suite.write(f"""
        from asking import {way} as ask

        def test_it():
            assert ask()
    """)

    suite.run("--llm-mock", telemetry=False).assert_outcomes(passed=1)
