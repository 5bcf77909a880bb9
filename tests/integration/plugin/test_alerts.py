"""What is wrong with the store or a model stands in the summary, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.suite import STORE, lines_of
from tests.unit.cli.model_store import fallen, write_store

if TYPE_CHECKING:
    from tests.support.suite import Suite

TIMED = """
    from ask import ask

    def test_timed(llm_telemetry):
        ask()
        assert llm_telemetry.models.log_thought_latency("gemma", 3.0, 100)
"""
PLAIN = """
    from ask import ask

    def test_plain():
        ask()
"""


@pytest.mark.parametrize(("tests", "factor", "shown"), [(TIMED, 1.5, 1), (TIMED, 1.0, 0)])
def test_a_model_that_became_slower_is_named(
    suite: Suite, tests: str, factor: float, shown: int
) -> None:
    """At the end of a run that has timed a model."""
    (suite.path / STORE).parent.mkdir()
    write_store(suite.path / STORE, fallen("gemma", factor))
    suite.write(tests)

    lines = [line for line in lines_of(suite.run()) if line.startswith("alert: ")]

    assert len(lines) == shown
    assert all(line.startswith("alert: gemma is 50 % slower") for line in lines)


def test_a_run_that_timed_no_model_looks_at_none(suite: Suite) -> None:
    """It would pay for what it has nothing to do with."""
    (suite.path / STORE).parent.mkdir()
    write_store(suite.path / STORE, fallen("gemma", 1.5))
    suite.write(PLAIN)

    assert [line for line in lines_of(suite.run()) if "alert" in line] == []
