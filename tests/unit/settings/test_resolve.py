"""Options, environment and configuration, resolved to one value."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from understudy.errors import SettingsError
from understudy.settings import Given, resolve

if TYPE_CHECKING:
    from pathlib import Path


def given(
    *,
    command_line: dict[str, Any] | None = None,
    environment: dict[str, str] | None = None,
    configuration: dict[str, Any] | None = None,
) -> Given:
    return Given(command_line or {}, environment or {}, configuration or {})


def test_without_anything_given_telemetry_is_off(tmp_path: Path) -> None:
    """Installed and idle: every option has its default."""
    settings = resolve(given(), root=tmp_path)

    assert not settings.telemetry
    assert settings.store == str(tmp_path / ".understudy/telemetry.db")
    assert set(settings.sources.values()) == {"default"}


def test_the_command_line_beats_the_environment_and_that_the_configuration(tmp_path: Path) -> None:
    """Each place wins over the ones behind it."""
    places: dict[str, dict[str, Any]] = {
        "command_line": {"llm_store": "first.db"},
        "environment": {"UNDERSTUDY_STORE": "second.db", "UNDERSTUDY_TELEMETRY": "1"},
        "configuration": {"llm_store": "third.db", "llm_telemetry": False},
    }

    settings = resolve(given(**places), root=tmp_path)

    assert settings.store == str(tmp_path / "first.db")
    assert settings.telemetry
    assert settings.sources["store"] == "command line"
    assert settings.sources["telemetry"] == "UNDERSTUDY_TELEMETRY"


def test_the_variable_that_other_telemetry_knows_switches_it_on(tmp_path: Path) -> None:
    """TELEMETRY_DB_ENABLED is understood too."""
    settings = resolve(given(environment={"TELEMETRY_DB_ENABLED": "1"}), root=tmp_path)

    assert settings.telemetry


def test_a_url_is_no_path_below_the_root(tmp_path: Path) -> None:
    """Only paths are relative to rootdir."""
    url = "postgresql://localhost/telemetry"

    settings = resolve(given(command_line={"llm_store": url}), root=tmp_path)

    assert settings.store == url


@pytest.mark.parametrize("place", ["command_line", "environment", "configuration"])
def test_a_budget_implies_telemetry(tmp_path: Path, place: str) -> None:
    """A limit on what calls cost needs the calls."""
    name = "UNDERSTUDY_BUDGET" if place == "environment" else "llm_budget"

    settings = resolve(given(**{place: {name: "0.5"}}), root=tmp_path)

    assert settings.telemetry
    assert settings.budget == Decimal("0.5")
    assert settings.sources["telemetry"].startswith("implied by --llm-budget")


def test_a_stronger_no_beats_a_configured_budget(tmp_path: Path) -> None:
    """--no-llm-telemetry switches off what the configuration asks for."""
    places = given(command_line={"llm_telemetry": False}, configuration={"llm_budget": 1.0})

    assert not resolve(places, root=tmp_path).telemetry


def test_a_budget_and_no_telemetry_in_one_place_contradict_each_other(tmp_path: Path) -> None:
    """The user is asked which of them is meant."""
    places = given(command_line={"llm_telemetry": False, "llm_budget": "1"})

    with pytest.raises(SettingsError, match="Leave one of them out"):
        resolve(places, root=tmp_path)


@pytest.mark.parametrize("name", ["gate", "update_baseline"])
def test_what_compares_figures_implies_telemetry(tmp_path: Path, name: str) -> None:
    """There is nothing to compare without it."""
    places = given(command_line={f"llm_{name}": True, "llm_reason": "a new prompt"})

    settings = resolve(places, root=tmp_path)

    assert settings.telemetry
    assert settings.sources["telemetry"].startswith("implied by --llm-")


def test_a_report_implies_telemetry(tmp_path: Path) -> None:
    """It reports on what was recorded."""
    settings = resolve(given(command_line={"llm_report": ["json:calls.json"]}), root=tmp_path)

    assert settings.telemetry
    assert settings.report == ("json:calls.json",)


def test_a_gate_that_is_off_implies_nothing(tmp_path: Path) -> None:
    """--no-llm-gate asks for no telemetry."""
    assert not resolve(given(command_line={"llm_gate": False}), root=tmp_path).telemetry


def test_an_update_of_the_baseline_needs_a_reason(tmp_path: Path) -> None:
    """Somebody will review it."""
    with pytest.raises(SettingsError, match="--llm-reason"):
        resolve(given(command_line={"llm_update_baseline": True}), root=tmp_path)


def test_folders_stand_below_the_root(tmp_path: Path) -> None:
    """Wherever pytest was called."""
    settings = resolve(given(configuration={"llm_golden_dir": "scripts"}), root=tmp_path)

    assert settings.golden_dir == str(tmp_path / "scripts")
    assert settings.baseline == str(tmp_path / "llm-baseline")


@pytest.mark.parametrize(
    ("places", "outranks"),
    [
        ({"command_line": {"llm_profile": "slow"}}, True),
        ({"environment": {"UNDERSTUDY_PROFILE": "slow"}}, True),
        ({"configuration": {"llm_profile": "slow"}}, False),
        ({}, False),
    ],
)
def test_only_what_is_said_of_this_run_goes_before_a_marker(
    tmp_path: Path, places: dict[str, Any], *, outranks: bool
) -> None:
    """A marker speaks of one test, a setting of all of them."""
    assert resolve(given(**places), root=tmp_path).outranks_marker("profile") is outranks


def test_a_run_begins_with_us_where_an_option_needs_it(tmp_path: Path) -> None:
    """What is only a detail of others begins nothing."""
    assert resolve(given(command_line={"llm_clock": "virtual"}), root=tmp_path).begins_run
    assert not resolve(given(command_line={"llm_seed": "7"}), root=tmp_path).begins_run
