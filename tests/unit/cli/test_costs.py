"""`understudy costs`, `forecast` and `trends`."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO, TextIOWrapper
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from tests.contracts.store_samples import PHASE, call

from understudy.analytics.costs import CostSettings
from understudy.calls import Origin
from understudy.cli import _alerts, _costs
from understudy.store import Run, open_store

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 20, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
VIENNA = ZoneInfo("Europe/Vienna")
PAID = "origin IN ('live', 'recorded')"
SAVED = "origin IN ('mocked', 'replayed')"


@pytest.fixture(autouse=True)
def fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment, a terminal of 100 columns, and no store in the environment."""
    for module in (_costs, _alerts):
        monkeypatch.setattr(module, "utc_now", lambda: NOW)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("UNDERSTUDY_STORE", raising=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with 30 days of calls."""
    random, path = Random(3), tmp_path / "telemetry.db"
    calls = [
        call(
            ts=NOW - timedelta(seconds=random.randrange(1, 30 * 86_400)),
            provider=random.choice(["openai", "anthropic"]),
            request_model=random.choice(["gpt-5", "claude-5"]),
            origin=random.choice(list(Origin)),
            input_tokens=random.randrange(100),
            output_tokens=7,
            cost_nanousd=random.choice([None, random.randrange(10**8)]),
        )
        for _ in range(400)
    ]
    with open_store(path) as store:
        store.write_run(Run(run_id="run", started=NOW - timedelta(days=31)))
        store.write_phases([PHASE])
        store.write_events(calls)
    return path


def run(*arguments: str, **budgets: Any) -> int:
    parser = argparse.ArgumentParser()
    settings = CostSettings(zone="Europe/Vienna", **budgets)
    commands = parser.add_subparsers()
    for module in (_costs, _alerts):
        module.add_parser(commands, settings=lambda: settings)
    parsed = parser.parse_args(arguments)
    status: int = parsed.run(parsed)
    return status


def by_hand(path: Path, what: str, since: datetime, until: datetime = NOW) -> Any:
    """Ask the rows themselves."""
    with sqlite3.connect(path) as connection:
        query = f"SELECT {what} FROM telemetry WHERE ts >= ? AND ts < ?"
        bounds = [
            each.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z") for each in (since, until)
        ]
        return connection.execute(query, bounds).fetchone()[0]


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_the_costs_of_a_month_are_the_sum_of_its_rows(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From midnight of its first day in the zone; what was saved stands apart."""
    assert run("costs", "--store", str(path), "--json") == 0

    costs, begin = found(capsys), datetime(2026, 3, 1, tzinfo=VIENNA)
    assert costs["since"] == "2026-02-28T23:00:00+00:00"
    paid = f"SUM(cost_nanousd) FILTER (WHERE {PAID})"
    assert costs["spent_nanousd"] == by_hand(path, paid, begin)
    assert costs["saved_nanousd"] == by_hand(path, paid.replace(PAID, SAVED), begin)
    assert costs["requests"] == by_hand(path, f"COUNT(*) FILTER (WHERE {PAID})", begin)
    unpriced = f"COUNT(*) FILTER (WHERE {PAID} AND cost_nanousd IS NULL)"
    assert costs["unpriced"] == by_hand(path, unpriced, begin)
    tokens = f"SUM(input_tokens + output_tokens) FILTER (WHERE {PAID})"
    assert costs["tokens"] == by_hand(path, tokens, begin)
    assert sum(day["spent_nanousd"] for day in costs["days"]) == costs["spent_nanousd"]
    assert sum(each["spent_nanousd"] for each in costs["models"]) == costs["spent_nanousd"]


def test_costs_since_a_time_are_shown_by_model_and_day(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a bar for each day."""
    assert run("costs", "--store", str(path), "--since", "2026-03-10") == 0

    spent, saved, _, titles, *rows = capsys.readouterr().out.splitlines()
    assert spent.startswith("spent   $")
    assert "requests since 2026-03-10 01:00 (Europe/Vienna)" in spent
    assert saved.startswith("saved   $")
    assert titles.split()[:3] == ["provider", "model", "requests"]
    assert rows[-1].startswith("2026-03-10  ")
    assert rows[-1].endswith("  2026-03-20")


def test_the_forecast_adds_what_the_days_to_come_will_cost(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the average of the last 28 days, against the budget of the table."""
    assert run("forecast", "--store", str(path), "--json", monthly_usd=1) == 0

    forecast = found(capsys)
    begin = datetime(2026, 3, 1, tzinfo=VIENNA)
    midnight = datetime(2026, 3, 20, tzinfo=VIENNA)
    paid = f"SUM(cost_nanousd) FILTER (WHERE {PAID})"
    spent = by_hand(path, paid, begin)
    average = by_hand(path, paid, datetime(2026, 2, 20, tzinfo=VIENNA), midnight) / 28
    assert forecast["spent_nanousd"] == spent
    unpriced = f"COUNT(*) FILTER (WHERE {PAID} AND cost_nanousd IS NULL)"
    assert forecast["unpriced"] == by_hand(path, unpriced, begin)
    assert forecast["daily_average_nanousd"] == round(average)
    assert forecast["predicted_nanousd"] == pytest.approx(spent + average * forecast["days_left"])
    assert forecast["overage_percent"] == pytest.approx(forecast["predicted_nanousd"] / 1e7 - 100)


def test_of_the_first_day_only_what_came_later_counts(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that the days are what was spent, whenever it begins."""
    begin = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
    assert run("costs", "--store", str(path), "--since", begin.isoformat(), "--json") == 0

    costs = found(capsys)
    assert costs["spent_nanousd"] == by_hand(
        path, f"SUM(cost_nanousd) FILTER (WHERE {PAID})", begin
    )
    assert sum(day["spent_nanousd"] for day in costs["days"]) == costs["spent_nanousd"]


@pytest.mark.parametrize("command", ["costs", "forecast", "trends"])
def test_a_narrow_terminal_without_drawings_is_enough(
    path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """40 columns, in ASCII, and no colour anywhere."""
    written = BytesIO()
    with TextIOWrapper(written, encoding="ascii", write_through=True) as terminal:
        monkeypatch.setenv("COLUMNS", "40")
        monkeypatch.setattr(sys, "stdout", terminal)
        assert run(command, "--store", str(path), monthly_usd=4) == 0
        lines = written.getvalue().decode().splitlines()

    assert max(map(len, lines)) <= 40
    assert all(line.isascii() and line.isprintable() for line in lines)
    plotted = {"costs": "2026-03-07  ", "forecast": "            ####", "trends": "2026-03-07  "}
    assert lines[-1].startswith(plotted[command])


def test_a_forecast_is_told_in_lines(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its period, and how sure it is."""
    assert run("forecast", "--store", str(path), monthly_usd=1) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("period      2026-03-01 until before 2026-04-01 (Europe/Vienna)")
    assert "confidence 0." in lines[3]
    assert lines[4].startswith("budget      $1.0000, ")
    assert lines[5].count("|") == 1
    assert len(lines[5]) == 72


def test_trends_compare_with_the_window_before(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each sum is that of its rows."""
    assert run("trends", "--store", str(path), "--json") == 0

    sums = {
        "spend": f"SUM(cost_nanousd) FILTER (WHERE {PAID})",
        "requests": f"COUNT(*) FILTER (WHERE {PAID})",
        "tokens": f"COALESCE(SUM(input_tokens + output_tokens) FILTER (WHERE {PAID}), 0)",
    }
    trends = found(capsys)["trends"]
    assert len(trends) == 9
    for trend in trends:
        length = {"1h": HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR}[trend["window"]]
        unit = "_nanousd" if trend["metric"] == "spend" else ""
        middle, begin = NOW - length, NOW - 2 * length
        calls = by_hand(path, f"COUNT(*) FILTER (WHERE {PAID})", middle)
        expected = by_hand(path, sums[trend["metric"]], middle)
        assert trend[f"value{unit}"] == (expected if calls else 0)
        before = by_hand(path, sums[trend["metric"]], begin, middle)
        assert trend[f"previous{unit}"] == (before or 0)
        assert trend["covered"]


def test_alerts_are_those_of_the_sums(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the day and of the month, which are those of the zone."""
    paid = f"SUM(cost_nanousd) FILTER (WHERE {PAID})"
    month = by_hand(path, paid, datetime(2026, 3, 1, tzinfo=VIENNA))
    day = by_hand(path, paid, datetime(2026, 3, 20, tzinfo=VIENNA)) or 0
    for share, level in ((0.49, None), (0.6, "info"), (0.95, "warning"), (1.5, "critical")):
        budget = month / share / 1e9
        expected = 0 if level in (None, "info") else 1
        assert run("alerts", "--store", str(path), "--json", monthly_usd=budget) == expected
        alerts = [each for each in found(capsys)["alerts"] if each["subject"] == "monthly"]
        assert [each["level"] for each in alerts] == ([level] if level else [])
        assert [each["value"] for each in alerts] == [month / 1e9] * len(alerts)
    run("alerts", "--store", str(path), "--json", daily_usd=max(day, 1) / 1e9)
    assert [each["value"] for each in found(capsys)["alerts"]] == ([day / 1e9] if day else [])


def test_a_young_store_says_what_it_cannot_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unknown is no zero."""
    path = tmp_path / "young.db"
    with open_store(path) as store:
        store.write_run(Run(run_id="run", started=NOW))
        store.write_phases([PHASE])
        store.write_events([call(ts=NOW - timedelta(hours=3), cost_nanousd=5 * 10**9)])

    assert run("trends", "--store", str(path)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "before 24h, 7d nothing was recorded that long"
    assert lines[4].split() == ["spend", "24h", "$5.0000", "-", "-"]
