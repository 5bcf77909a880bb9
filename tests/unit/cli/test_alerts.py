"""`understudy alerts`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.cli.estimates import run_command
from tests.unit.cli.estimates import write_store as write_old_store
from tests.unit.cli.model_store import answer, fallen, write_store

from understudy.cli import _alerts
from understudy.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def alerts(path: Path, *arguments: str) -> int:
    """Run the command."""
    return run_command(_alerts, "alerts", "--store", str(path), *arguments)


def test_a_model_that_became_slower_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, with how much slower it is; others are not."""
    path = write_store(tmp_path / "telemetry.db", [*fallen("gemma", 1.5), *fallen("qwen", 1.0)])

    assert alerts(path, "--json") == 1

    found = json.loads(capsys.readouterr().out)
    [alert] = found["alerts"]
    assert list(alert) == ["kind", "subject", "level", "value", "limit", "since"]
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
