"""`understudy replay`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from tests.unit.cli.estimates import run_command, write_store

from understudy.cli import _replay
from understudy.errors import EstimateError, SettingsError, UnknownNameError
from understudy.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ESTIMATORS = """
VALUE = 3
def steady(task): return 1000
def clever(task): return 1200 if task.deliverable_count else 1400
def nan(task): return float("nan")
"""


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Where the store is."""
    return str(write_store(tmp_path / "telemetry.db"))


@pytest.fixture(autouse=True)
def _modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Estimators in the working directory, forgotten afterwards."""
    (tmp_path / "company_estimators.py").write_text(ESTIMATORS)
    (tmp_path / "broken_estimators.py").write_text("1 / 0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    sys.modules.pop("company_estimators", None)


def replay(
    store: str, function: str = "steady", *more: str, module: str = "company_estimators"
) -> int:
    name = f"{module}:{function}"
    return run_command(_replay, "replay", "--store", store, "--estimator", name, *more)


def test_old_and_new_stand_side_by_side(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Overall, and by stratum."""
    status = replay(store)

    verdict, skipped, _, _, overall, testing, nameless = capsys.readouterr().out.splitlines()
    assert status == 0
    assert verdict.startswith(
        "company_estimators:steady: no significant difference in SMAPE (-13.2"
    )
    assert skipped == "1 estimates without an outcome were left out"
    assert "37.8 % > 24.6 %" in overall
    assert overall.endswith("all")
    assert testing.endswith("testing / low / 1-3")
    assert nameless.endswith("- / - / 0")


def test_json_holds_both_and_the_test(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Old, new, difference and p."""
    status = replay(store, "clever", "--json")

    data = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (data["estimator"], data["calls"], data["skipped"]) == (
        "company_estimators:clever",
        3,
        1,
    )
    assert data["overall"]["new"]["smape_percent"] == pytest.approx(40 / 3)
    assert data["overall"]["difference_points"] < 0
    assert 0 < data["overall"]["p"] <= 1
    assert [each["category"] for each in data["strata"]] == ["testing", None]


def test_a_difference_beyond_luck_is_called_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where p is below 1 %."""
    path = write_store(tmp_path / "many.db")
    with open_store(path) as store:
        (first,) = store.estimates("old")
        store.write_estimates(
            first.model_copy(update={"estimate_id": f"more-{number}"}) for number in range(20)
        )

    replay(str(path), "clever")

    assert ": better than the old estimator (-" in capsys.readouterr().out


def test_an_estimator_that_fails_is_an_error_with_the_row(store: str) -> None:
    """NaN is no number of tokens."""
    with pytest.raises(
        EstimateError, match=r"estimate e0 of .* in run old: ValueError: .* not nan"
    ):
        replay(store, "nan")


def test_nothing_to_compare_is_an_error(tmp_path: Path) -> None:
    """It is no success to have compared nothing."""
    open_store(tmp_path / "empty.db").close()

    with pytest.raises(EstimateError, match="nothing to compare"):
        replay(str(tmp_path / "empty.db"))


def test_an_unknown_function_is_an_error_with_the_nearest(store: str) -> None:
    """Among the functions of the module."""
    with pytest.raises(UnknownNameError, match="Did you mean 'steady'"):
        replay(store, "stedy")


@pytest.mark.parametrize("function", ["VALUE", ""])
def test_what_is_no_function_is_wrong_usage(store: str, function: str) -> None:
    """Also a name without one."""
    with pytest.raises(SettingsError, match="no function"):
        replay(store, function)


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("broken_estimators", "ZeroDivisionError: division by zero"),
        ("no_such_module", "ModuleNotFoundError"),
    ],
)
def test_a_module_that_cannot_be_imported_is_an_error(store: str, module: str, words: str) -> None:
    """With what it raised."""
    with pytest.raises(EstimateError, match=f"{module} cannot be imported: {words}"):
        replay(store, module=module)
