"""What git says of the project."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from understudy.git import git_says

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_answer_comes_without_its_line_end(tmp_path: Path) -> None:
    """Of the repository that is asked about."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=trunk", tmp_path], check=True)

    assert git_says(tmp_path, "symbolic-ref", "--short", "HEAD") == "trunk"


def test_what_git_refuses_is_unknown(tmp_path: Path) -> None:
    """No repository, no commit, no such command."""
    assert git_says(tmp_path, "rev-parse", "HEAD") is None


def test_no_git_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known then."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert git_says(tmp_path, "--version") is None
