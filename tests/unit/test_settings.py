"""Options, environment and configuration, resolved to one value."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from understudy.errors import SettingsError, UnknownNameError
from understudy.settings import (
    OPTIONS,
    Given,
    parse_switch,
    parse_text,
    parse_usd,
    read_table,
    resolve,
)

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


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_words_for_yes(word: str) -> None:
    """A switch is on for each word that means yes."""
    assert parse_switch(word, "X")


@pytest.mark.parametrize("word", ["0", "false", "No", "off", ""])
def test_words_for_no(word: str) -> None:
    """A switch is off for each word that means no, and for an empty variable."""
    assert not parse_switch(word, "X")


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_switch, "maybe"),
        (parse_usd, "lots"),
        (parse_usd, "-1"),
        (parse_usd, "nan"),
        (parse_usd, "inf"),
        (parse_text, "  "),
    ],
)
def test_what_cannot_be_read_names_its_place(parse: Any, text: str) -> None:
    """The message begins with where the value stands."""
    with pytest.raises(SettingsError, match=r"^UNDERSTUDY_X: "):
        parse(text, "UNDERSTUDY_X")


def test_a_dollar_sign_before_an_amount_is_understood() -> None:
    """People write $0.50."""
    assert parse_usd("$0.50", "X") == Decimal("0.50")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_an_option_has_one_name_in_three_spellings(option: Any) -> None:
    """Flag, setting and variable follow from the name."""
    assert option.flag == "--llm-" + option.name.replace("_", "-")
    assert option.setting == "llm_" + option.name
    assert option.variables[0] == "UNDERSTUDY_" + option.name.upper()


def test_no_file_is_an_empty_table(tmp_path: Path) -> None:
    """Nobody needs a pyproject.toml."""
    assert read_table(tmp_path / "pyproject.toml") == {}


def test_the_table_of_ours_is_read(tmp_path: Path) -> None:
    """[tool.understudy] is returned as written."""
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.understudy.prices]\n"our-model" = {input = 1}\n')

    assert read_table(path) == {"prices": {"our-model": {"input": 1}}}


def test_an_unknown_key_is_named_with_file_and_nearest(tmp_path: Path) -> None:
    """A typo is not passed over."""
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.understudy.price]\n")

    with pytest.raises(UnknownNameError) as caught:
        read_table(path)

    assert str(path) in str(caught.value)
    assert "Did you mean 'prices'?" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["[tool.understudy\n", "[tool]\nunderstudy = 3\n", "[tool.understudy]\nprices = 3\n"]
)
def test_a_broken_table_names_its_file(tmp_path: Path, text: str) -> None:
    """What is no TOML, or no table, says where it stands."""
    path = tmp_path / "pyproject.toml"
    path.write_text(text)

    with pytest.raises(SettingsError, match=r"pyproject\.toml"):
        read_table(path)
