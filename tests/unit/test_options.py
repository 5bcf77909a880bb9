"""The catalogue of options."""

from __future__ import annotations

from dataclasses import fields

from understudy.options import OPTIONS
from understudy.settings import Settings


def test_an_option_has_one_name_in_three_spellings() -> None:
    """Flag, setting and variable follow from the name."""
    for option in OPTIONS:
        assert option.flag == "--llm-" + option.name.replace("_", "-")
        assert option.setting == "llm_" + option.name
        assert option.variables[0] == "UNDERSTUDY_" + option.name.upper()


def test_every_option_is_a_field_of_the_settings_with_the_same_default() -> None:
    """Nothing is said twice and differently."""
    defaults = {field.name: field.default for field in fields(Settings) if field.name != "sources"}

    assert {option.name: option.default for option in OPTIONS} == defaults
