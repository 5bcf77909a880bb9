"""What workers find of a contract reaches the matrix of the controller."""

from __future__ import annotations

from dataclasses import replace

import pytest

from understudy.pytest_plugin.features.contracts import Contracts
from understudy.reports import CheckResult, contracts_as_json, render_contracts

PASSED = CheckResult("a.py::TestIt", "test_one", "cache", 1, "passed")


def test_a_worker_hands_over_what_it_found(pytestconfig: pytest.Config) -> None:
    """And is news to a controller that has no session."""
    worker, controller = Contracts(pytestconfig), Contracts(pytestconfig)
    is_idle = worker.has_news()
    worker.results.append(PASSED)

    controller.take(worker.handover())

    assert controller.results == [PASSED]
    assert (is_idle, worker.has_news()) == (False, True)


@pytest.mark.parametrize(
    ("outcomes", "cell"),
    [
        (["passed", "passed"], "yes"),
        (["passed", "lacks"], "1 of 2"),
        (["lacks", "lacks"], "lacks"),
        (["passed", "failed", "lacks"], "1 of 3 failed"),
        (["known", "passed"], "1 of 2 failed"),
        (["left_out", "left_out"], "-"),
        (["left_out", "passed"], "yes"),
    ],
)
def test_a_cell_says_what_all_checks_came_to(outcomes: list[str], cell: str) -> None:
    """What nobody asked for does not count."""
    results = [
        replace(PASSED, check=f"test_{number}", outcome=outcome)  # type: ignore[arg-type]
        for number, outcome in enumerate(outcomes)
    ]

    told = contracts_as_json(results)

    assert told is not None
    assert told[0]["capabilities"] == {"cache": cell}


def test_of_a_check_that_was_run_again_the_last_result_counts() -> None:
    """As of any test."""
    told = contracts_as_json([replace(PASSED, outcome="failed"), PASSED])

    assert told is not None
    assert told[0]["capabilities"] == {"cache": "yes"}


def test_suites_of_one_name_are_told_apart() -> None:
    """By their modules."""
    other = replace(PASSED, suite="b.py::TestIt")

    lines = render_contracts([PASSED, other], width=80)

    assert lines[0].text.split() == ["capability", "a.py::TestIt", "b.py::TestIt"]


def test_without_checks_there_is_nothing() -> None:
    """No section, and null in the report."""
    assert render_contracts([], width=80) == []
    assert contracts_as_json([]) is None
