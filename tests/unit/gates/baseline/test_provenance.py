"""Who updates a baseline, and on which commit."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.unit.gates.sample_gate import NOON

from understudy.gates.baseline import update_by_us

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *words: str) -> None:
    """Run git in a folder, as nobody in particular."""
    own = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", *own, *words], cwd=folder, check=True, capture_output=True)


def test_an_update_names_commit_author_and_day(tmp_path: Path) -> None:
    """The reason in one line."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.name", "Ann")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")

    update = update_by_us(tmp_path, reason="a longer\n prompt", at=NOON)

    assert (update.author, update.date, update.reason) == ("Ann", "2026-11-20", "a longer prompt")
    assert len(update.commit) == 12


def test_without_git_the_user_is_the_author(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the commit unknown."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("getpass.getuser", lambda: "ann")

    update = update_by_us(tmp_path, reason="x", at=NOON)

    assert (update.author, update.commit) == ("ann", "unknown")


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_nobody_may_be_the_author(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """In a container without a user."""

    def fail() -> str:
        raise error

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("getpass.getuser", fail)

    assert update_by_us(tmp_path, reason="x", at=NOON).author == "unknown"
