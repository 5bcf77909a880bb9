"""What is known of a run besides its calls."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.unit.telemetry.samples import StillClock

from understudy.pytest_plugin.run._journal import beginning, ending
from understudy.store import Run

if TYPE_CHECKING:
    from pathlib import Path


def config(pytester: pytest.Pytester, *options: str) -> pytest.Config:
    """Return the configuration of a run."""
    return pytester.parseconfig("-p", "no:cacheprovider", *options)


def test_beginning_and_ending_make_a_run(pytester: pytest.Pytester) -> None:
    """As the store knows one."""
    run = config(pytester)

    record = beginning(run, StillClock(1.0)) | ending(
        run, StillClock(2.0), exit_status=1, workers=3
    )

    del record["kind"]
    stored = Run.model_validate({"run_id": "run", **record})
    assert (stored.started.timestamp(), stored.exit_status, stored.worker_count) == (1, 1, 3)
    assert stored.finished is not None
    assert stored.finished.timestamp() == 2


def test_options_are_kept_without_secrets(pytester: pytest.Pytester) -> None:
    """Neither passwords in addresses nor keys."""
    run = config(pytester, "-k", "sk-abcdefghijkl", "-m", "postgresql://me:hunter22@host/db")

    options = beginning(run, StillClock())["options"]

    assert options[3] == "[redacted]"
    assert "hunter22" not in options[5]
    assert options[5].endswith("host/db")


@pytest.mark.parametrize("is_there", [True, False])
def test_without_git_the_commit_is_unknown(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    """No program, or no repository."""
    if not is_there:
        monkeypatch.setenv("PATH", "")

    end = ending(config(pytester), StillClock(), exit_status=0, workers=1)

    assert "git_commit" not in end


def test_a_git_that_answers_late_says_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A commit without its state: unknown, not clean."""
    git = tmp_path / "git"
    git.write_text('#!/bin/sh\n[ "$1" = rev-parse ] && echo abc || exit 128\n')
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    end = ending(config(pytester), StillClock(), exit_status=0, workers=1)

    assert (end["git_commit"], end["git_dirty"]) == ("abc", None)


def test_git_is_not_waited_for_without_end(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out is no fault of the run."""
    configuration = config(pytester)

    def run(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired(cmd="git", timeout=timeout)

    monkeypatch.setattr(subprocess, "run", run)

    assert "git_commit" not in ending(configuration, StillClock(), exit_status=0, workers=1)
