"""The tables of `[tool.understudy]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.errors import SettingsError, UnknownNameError
from understudy.settings import read_table

if TYPE_CHECKING:
    from pathlib import Path


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
