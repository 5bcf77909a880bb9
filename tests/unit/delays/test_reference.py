"""What the page about profiles says is true."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from understudy.delays import DelayProfile, Load, Profile, Profiles, read_profiles
from understudy.delays._settings_table import _DISTRIBUTIONS

PAGE = (Path(__file__).parents[3] / "docs/reference/profiles.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    """Return the code blocks in one language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_each_key_is_named() -> None:
    """Of the tables that a user may write."""
    kinds: list[Any] = [Profile, Load, *_DISTRIBUTIONS.values()]
    keys = [field.name for kind in kinds for field in fields(kind)]

    assert [key for key in keys if f"`{key}`" not in PAGE] == []


def test_each_name_is_named() -> None:
    """Of profiles and distributions."""
    names = [*Profiles.default().names, *_DISTRIBUTIONS]

    assert [name for name in names if f"| `{name}`" not in PAGE] == []


@pytest.mark.parametrize("text", examples("toml"))
def test_the_tables_that_are_shown_can_be_read(text: str) -> None:
    """As they stand."""
    tables = tomllib.loads(text)["tool"]["understudy"]["profiles"]

    profiles = read_profiles(tables, where="pyproject.toml")

    load = profiles["busy"].load
    assert load is not None
    assert load.factor(20) == pytest.approx(1.6)


@pytest.mark.parametrize("code", examples("python"))
def test_the_hook_that_is_shown_registers_profiles(code: str) -> None:
    """As it stands."""
    conftest: dict[str, Any] = {}
    found: dict[str, DelayProfile] = {}

    exec(compile(code, "profiles.md", "exec"), conftest)
    conftest["register_delay_profiles"](found.__setitem__)

    assert Profiles.default().with_profiles(found).names[:2] == ("cold_start", "house")
