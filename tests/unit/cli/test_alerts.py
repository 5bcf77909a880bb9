"""`understudy alerts`."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.contracts.store_samples import PHASE, RUN, call
from tests.unit.cli.estimates import write_store as write_old_store
from tests.unit.cli.model_store import answer, fallen, write_store

from understudy.analytics.costs import CostSettings, look_at_budgets, tell_once
from understudy.cli import _alerts
from understudy.errors import SettingsError
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path


def alerts(path: Path, *arguments: str, **budgets: Any) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser()
    settings = CostSettings(**budgets)
    _alerts.add_parser(parser.add_subparsers(), settings=lambda: settings)
    parsed = parser.parse_args(["alerts", "--store", str(path), *arguments])
    status: int = parsed.run(parsed)
    return status


def test_a_model_that_became_slower_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, with how much slower it is; others are not."""
    path = write_store(tmp_path / "telemetry.db", [*fallen("gemma", 1.5), *fallen("qwen", 1.0)])

    assert alerts(path, "--json") == 1

    found = json.loads(capsys.readouterr().out)
    [alert] = found["alerts"]
    assert list(alert) == ["kind", "subject", "level", "value", "limit", "budget", "since"]
    assert alert["budget"] is None
    assert [alert[key] for key in ("kind", "subject", "level", "limit")] == [
        "efficiency",
        "gemma",
        "warning",
        20.0,
    ]
    assert alert["value"] == pytest.approx(50)
    assert found["not_enough"] == []


def test_nothing_wrong_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And what too little is known of."""
    path = write_store(tmp_path / "telemetry.db", [answer("gemma", 99.0)])

    assert alerts(path) == 0

    none, not_enough = capsys.readouterr().out.splitlines()
    assert none == "no alerts"
    assert not_enough.startswith("not enough to tell of gemma (engine): ")


def test_rows_that_should_be_gone_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a retention is known."""
    path = write_old_store(tmp_path / "telemetry.db")

    assert alerts(path) == 0
    assert alerts(path, "--retention", "90000d") == 0
    capsys.readouterr()
    assert alerts(path, "--retention", "30d") == 1

    assert "days old, 30 are kept" in capsys.readouterr().out


def test_the_environment_may_tell_the_retention(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a run takes it from there."""
    path = write_old_store(tmp_path / "telemetry.db")
    monkeypatch.setenv("UNDERSTUDY_RETENTION", "30d")

    assert alerts(path) == 1


def test_a_retention_that_is_no_age_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With where it stands; off is none."""
    path = write_old_store(tmp_path / "telemetry.db")
    monkeypatch.setenv("UNDERSTUDY_RETENTION", "long")

    assert alerts(path, "--retention", "off") == 0
    with pytest.raises(SettingsError, match="UNDERSTUDY_RETENTION: 'long' is no age"):
        alerts(path)
    with pytest.raises(SettingsError, match="--retention: '30' is no age"):
        alerts(path, "--retention", "30")


NOW = datetime(2026, 3, 20, 6, tzinfo=UTC)


@pytest.fixture
def spent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store in whose month $3 were spent a day, at noon, until yesterday: $57 of 19 days."""
    monkeypatch.setattr(_alerts, "utc_now", lambda: NOW)
    path = tmp_path / "telemetry.db"
    calls = [
        call(ts=datetime(2026, 3, day, 12, tzinfo=UTC), cost_nanousd=3 * 10**9, origin="live")
        for day in range(1, 20)
    ]
    with open_store(path) as store:
        store.write_run(RUN)
        store.write_phases([PHASE])
        store.write_events(calls)
    return path


def test_the_highest_threshold_of_each_budget_is_told(
    spent: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In USD, and none of what was spent yesterday."""
    assert alerts(spent, "--json", monthly_usd=60, daily_usd=3) == 1

    (alert,) = json.loads(capsys.readouterr().out)["alerts"]
    assert alert == {
        "kind": "spend",
        "subject": "monthly",
        "level": "warning",
        "value": 57.0,
        "limit": 54.0,
        "budget": 60.0,
        "since": NOW.isoformat(),
    }


@pytest.mark.parametrize(
    ("budget", "status", "said"),
    [
        (50, 1, "critical  $57.00 of this month's $50.00 are spent, 114 % (limit: 100 %)"),
        (70, 0, "info      $57.00 of this month's $70.00 are spent, 81 % (limit: 75 %)"),
        (200, 0, "no alerts"),
    ],
)
def test_a_note_is_shown_and_fails_nothing(
    spent: Path, capsys: pytest.CaptureFixture[str], budget: int, status: int, said: str
) -> None:
    """What is worse does."""
    assert alerts(spent, monthly_usd=budget) == status
    assert capsys.readouterr().out.splitlines()[0].startswith(said)


def test_a_forecast_is_told_of_when_a_look_an_hour_ago_found_it_too(
    spent: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command writes nothing: it waits for somebody who does."""
    settings = CostSettings(monthly_usd=80)
    assert alerts(spent, monthly_usd=80) == 0
    with open_store(spent) as store:
        history, log = store.spend_history, store.spend_alerts
        before = NOW - timedelta(hours=1)
        tell_once(look_at_budgets(history, log, settings, now=before), log, now=before)
    capsys.readouterr()

    assert alerts(spent, monthly_usd=80) == 1
    said = capsys.readouterr().out
    assert "warning   this month will cost about $91.79, 115 % of its $80.00" in said
