"""`understudy efficiency`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.cli.estimates import run_command
from tests.unit.cli.model_store import DAY, HOUR, answer, load, write_store

from understudy.cli import _efficiency
from understudy.errors import StoreError, UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store in which qwen is the faster one, and must load."""
    monkeypatch.setenv("COLUMNS", "120")
    answers = [answer("gemma", 40.0), answer("gemma", 50.0, tokens=300), answer("qwen", 15.0)]
    old = [answer("llama", 9.0, age=9 * DAY), answer("gemma", 20.0, age=9 * DAY)]
    return write_store(tmp_path / "telemetry.db", [*answers, *old, load("qwen", 6.0)])


def efficiency(path: Path, *arguments: str) -> int:
    """Run the command."""
    return run_command(_efficiency, "efficiency", "--store", str(path), *arguments)


def as_json(path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run the command; return what it prints as JSON."""
    assert efficiency(path, *arguments, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_shows_the_last_day_the_best_model_first(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Weighted by tokens, and what loading is worth."""
    assert efficiency(path) == 0

    window, _, qwen, gemma, crossover = capsys.readouterr().out.splitlines()
    assert window.startswith("from ")
    assert qwen.split()[:5] == ["qwen", "engine", "15.0", "100", "1"]
    assert gemma.split()[:5] == ["gemma", "engine", "47.5", "400", "2"]
    assert crossover.startswith("loading qwen beats gemma")


def test_hours_choose_the_window(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole days of it come from sums."""
    found = as_json(path, capsys, "--hours", "480")

    assert found["hours"] == 480
    figures = {each["component"]: each["weighted_ms_per_token"] for each in found["models"]}
    assert figures == pytest.approx({"llama": 9.0, "qwen": 15.0, "gemma": 42.0})


def test_days_tell_each_day(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Answers and loads, today included."""
    found = as_json(path, capsys, "--days", "10")

    trends = {each["component"]: each for each in found["model_trends"]}
    assert list(trends) == ["llama", "qwen", "gemma"]
    gemma = [each["weighted_ms_per_token"] for each in trends["gemma"]["days"]]
    assert gemma == pytest.approx([20.0, 47.5])
    assert [each["load_seconds"] for each in trends["qwen"]["days"]] == [6.0]


def test_days_of_one_model_have_a_row_each(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below the one of the model."""
    assert efficiency(path, "--days", "10", "--component", "gemma") == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[3] == "gemma, by engine"
    assert [line.split()[1] for line in lines[5:]] == ["20.0", "47.5"]


def test_a_model_may_be_chosen(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of one that was not asked in the window nothing is known."""
    assert efficiency(path, "--component", "llama") == 0

    assert capsys.readouterr().out == "no answer and no load of a model in that time\n"


def test_a_model_that_nobody_knows_is_an_error(path: Path) -> None:
    """Which names the nearest."""
    with pytest.raises(UnknownNameError, match=r"unknown model 'gema' in --component.*gemma"):
        efficiency(path, "--component", "gema")


@pytest.mark.parametrize("words", [["--hours", "0"], ["--days", "x"], ["--days", "99999"]])
def test_a_window_is_a_number_above_zero(
    path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Anything else is refused."""
    with pytest.raises(SystemExit):
        efficiency(path, *words)

    assert "is no number from 1 to" in capsys.readouterr().err


def test_a_store_without_models_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That is nothing wrong; a store that is not there is."""
    assert efficiency(write_store(tmp_path / "empty.db", [])) == 0
    assert "no answer" in capsys.readouterr().out
    with pytest.raises(StoreError):
        efficiency(tmp_path / "nowhere.db")


def test_an_answer_older_than_the_window_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To the moment, not to the hour."""
    events = [answer("m", 10.0, age=HOUR * 1.5), answer("m", 99.0, age=HOUR * 2.5)]

    found = as_json(write_store(tmp_path / "telemetry.db", events), capsys, "--hours", "2")

    assert [each["weighted_ms_per_token"] for each in found["models"]] == [10.0]
