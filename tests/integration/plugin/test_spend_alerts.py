"""Budgets of days and months: told of at the end of a run, and where the month stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.suite import lines_of

if TYPE_CHECKING:
    from tests.support.suite import Suite

TESTS = """
    from ask import ask

    def test_paid():
        ask()
"""
HOOK = """
    import understudy

    @understudy.hookimpl
    def cost_alert_raised(alert):
        with open("told.txt", "a") as told:
            print(alert.period, alert.threshold, alert.level, file=told)
        raise RuntimeError("a plugin's own")
"""
BUDGETS = '[tool.understudy.costs]\nmonthly_usd = 0.000001\nzone = "Asia/Kolkata"\n'


def test_an_alert_is_told_of_in_one_run(suite: Suite, workers: tuple[str, ...]) -> None:
    """By the controller; a hook that fails is said, and the month stands in the summary."""
    suite.write(TESTS, conftest=HOOK)
    (suite.path / "pyproject.toml").write_text(BUDGETS)

    first = suite.run(*workers)
    second = suite.run(*workers)

    first.assert_outcomes(passed=1)
    told = (suite.path / "told.txt").read_text().splitlines()
    assert told == [
        "monthly 50 info",
        "monthly 75 info",
        "monthly 90 warning",
        "monthly 100 critical",
    ]
    lines = lines_of(first)
    (month,) = [line for line in lines if line.startswith("month   $")]
    assert " of $0.000001000 (" in month or " of $0.000001 (" in month
    assert any(line.startswith("alert: $0.0000") for line in lines)
    assert any("telling cost_alert_raised of an alert: RuntimeError" in line for line in lines)
    assert not any("cost_alert_raised" in line for line in lines_of(second))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("monthly_us = 3", "Did you mean 'monthly_usd'?"),
        ("daily_usd = -2", "daily_usd = -2: "),
        ('zone = "Europe/Wien"', "Did you mean 'Europe/Vienna'?"),
    ],
)
def test_a_wrong_table_stops_the_run(suite: Suite, table: str, said: str) -> None:
    """Before a test runs."""
    suite.write(TESTS)
    (suite.path / "pyproject.toml").write_text(f"[tool.understudy.costs]\n{table}\n")

    result = suite.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in result.stderr.str()
