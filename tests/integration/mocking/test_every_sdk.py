"""Real SDKs, answered and not answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.support.asking import POSSIBLE

if TYPE_CHECKING:
    from tests.support.suite import Suite

EACH: Final = f"""
import asking
import pytest

each_way = pytest.mark.parametrize("way", {POSSIBLE})
"""


def test_every_sdk_is_answered(suite: Suite) -> None:
    """In the wire format of who is called, without any key in the environment."""
    suite.write(f"""{EACH}
import os

@each_way
def test_it(way, mock_llm):
    mock_llm.reply("Bonjour")
    assert getattr(asking, way)() == "Bonjour"
    (call,) = mock_llm.calls
    assert call.user_text == "Hello?"

@each_way
def test_the_keys_are_taken_back(way):
    assert not any("API_KEY" in name or "AWS_D" in name for name in os.environ)
""")

    result = suite.run(telemetry=False)

    result.assert_outcomes(passed=2 * len(POSSIBLE))


def test_a_forgotten_mock_fails_by_name_in_every_sdk(suite: Suite) -> None:
    """Once, with what was asked and what to add."""
    suite.write(f"""{EACH}
@each_way
def test_it(way, mock_llm):
    mock_llm.on(contains="Rome").reply("sun")
    getattr(asking, way)()
""")

    result = suite.run("-pno:warnings", telemetry=False)

    result.assert_outcomes(failed=len(POSSIBLE))
    text, _, summary = result.stdout.str().partition("short test summary")
    assert "site-packages" not in text
    for way in POSSIBLE:
        failure = text.partition(f"_ test_it[{way}] _")[2].partition("\n____")[0]
        assert failure.count("Its only rule: ") == 1, way
        assert "contains 'Rome', but it is 'Hello?'" in failure, way
        assert "Add mock_llm.on(contains='Hello?')" in failure, way
        assert f"::test_it[{way}] - Failed: POST " in summary, way  # it cuts what follows


def test_a_suite_that_knows_nothing_of_us_is_mocked_in_every_sdk(suite: Suite) -> None:
    """By one option."""
    suite.write(f"""{EACH}
@each_way
def test_it(way):
    assert getattr(asking, way)()
""")

    suite.run("--llm-mock", telemetry=False).assert_outcomes(passed=len(POSSIBLE))
