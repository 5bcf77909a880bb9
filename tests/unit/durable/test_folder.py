"""The folder for what a run leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.durable import make_state_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("below", ["", "journal", "journal/run"])
def test_git_ignores_our_own_folder(tmp_path: Path, below: str) -> None:
    """However deep the folder is that was asked for."""
    make_state_folder(tmp_path / ".understudy" / below)

    assert (tmp_path / ".understudy" / ".gitignore").read_text() == "*\n"
    assert (tmp_path / ".understudy" / below).is_dir()


def test_a_gitignore_that_is_there_stays(tmp_path: Path) -> None:
    """The user may want to commit something of it."""
    ignored = tmp_path / ".understudy" / ".gitignore"
    ignored.parent.mkdir()
    ignored.write_text("*.db\n")

    make_state_folder(ignored.parent)

    assert ignored.read_text() == "*.db\n"


def test_folders_of_others_get_no_gitignore(tmp_path: Path) -> None:
    """A store may stand anywhere."""
    make_state_folder(tmp_path / "data")

    assert list((tmp_path / "data").iterdir()) == []
