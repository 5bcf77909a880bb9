"""The table of budgets."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from understudy.analytics.costs import read_costs
from understudy.errors import SettingsError, UnknownNameError


def test_budgets_are_exact() -> None:
    """As they stand in the file, in nano-USD."""
    settings = read_costs({"daily_usd": 0.1, "monthly_usd": 3}, where="pyproject.toml")
    assert (settings.daily_nanousd, settings.monthly_nanousd) == (100_000_000, 3_000_000_000)


def test_without_a_table_nothing_is_limited() -> None:
    """Days are those of UTC then."""
    settings = read_costs({}, where="pyproject.toml")
    assert (settings.daily_nanousd, settings.monthly_nanousd) == (None, None)
    assert settings.zone == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"monthly_usd": "12"}, "monthly_usd = '12': write a number of USD."),
        ({"monthly_usd": 0}, "monthly_usd = 0: write more than 0"),
        ({"monthly_usd": -3.5}, "monthly_usd = -3.5: write more than 0"),
        ({"daily_usd": 1e-12}, "daily_usd = 1e-12: write more than 0, at least a billionth"),
        ({"daily_usd": float("inf")}, "daily_usd = inf: "),
        ({"daily_usd": float("nan")}, "daily_usd = nan: "),
        (
            {"zone": "Europe/Wien"},
            "zone = 'Europe/Wien': no time zone is named so. Did you mean 'Europe/Vienna'?",
        ),
        ({"zone": "Europe"}, "zone = 'Europe': no time zone is named so. "),
        ({"zone": 3}, "zone = 3: no time zone is named so. Write one such as"),
        ({"snapshots": 1}, "snapshots = 1: Input should be greater than or equal to 2."),
        ({"snapshot_seconds": 0.5}, "snapshot_seconds = 0.5: Input should be a valid integer"),
        ({"daily_usd": True}, "daily_usd = True: write a number of USD."),
    ],
)
def test_what_cannot_be_used_is_said(table: dict[str, Any], said: str) -> None:
    """With the file, the table, the key and the value."""
    with pytest.raises(SettingsError) as caught:
        read_costs(table, where="pyproject.toml")
    assert f"pyproject.toml, [tool.understudy.costs]: {said}" in str(caught.value)


def test_the_nearest_key_is_named() -> None:
    """Of one that is misspelt."""
    with pytest.raises(UnknownNameError, match="monthly_usd"):
        read_costs({"monthly_us": 1}, where="pyproject.toml")


def test_it_is_a_table() -> None:
    """And no number."""
    with pytest.raises(SettingsError, match="is no table"):
        read_costs(3, where="pyproject.toml")  # type: ignore[arg-type]
