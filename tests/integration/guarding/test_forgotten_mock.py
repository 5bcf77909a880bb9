"""A forgotten mock, under every client that can call a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.leaks import LEAKS, Leak

if TYPE_CHECKING:
    from tests.support.suite import Suite

SUITE = """
from time import perf_counter

from tests.support.leaks import LEAKS

(LEAK,) = [leak for leak in LEAKS if leak.name == {name!r}]


def seconds(call):
    began = perf_counter()
    try:
        call()
    except BaseException:
        pass
    return perf_counter() - began


def test_forgotten():
    call = LEAK.open()
    fastest = min(seconds(call) for _ in range(6))
    assert fastest < 0.05, fastest
    call()
"""


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_a_forgotten_mock_fails_at_once_and_says_what_to_add(suite: Suite, leak: Leak) -> None:
    """The message names the call, the test and the way out, once; no SDK hides or retries it."""
    if not leak.is_possible:
        pytest.skip("not installed")
    suite.write(SUITE.format(name=leak.name))

    result = suite.run("--llm-block-network", telemetry=False)

    result.assert_outcomes(failed=1)
    said = result.stdout.str()
    assert said.count("  Answer it: the mock_llm fixture") == 1
    assert "was refused by test_it.py::test_forgotten in call" in said
    for words in (leak.host, "mock_llm.reply", "llm_cassette", "--llm-allow-live"):
        assert words in said
