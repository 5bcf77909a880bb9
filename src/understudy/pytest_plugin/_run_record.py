"""What is known of a run besides its calls."""

from __future__ import annotations

import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import pytest

from ..events import EVENT_VERSION
from ..redaction import redacted
from ..store import redact

if TYPE_CHECKING:
    from pathlib import Path

    from ..clock import Clock

_GIT_SECONDS: Final = 5


def beginning(config: pytest.Config, clock: Clock) -> dict[str, Any]:
    """Return the line that opens a run."""
    return {
        "kind": "run",
        "started": _now(clock),
        "python_version": platform.python_version(),
        "pytest_version": pytest.__version__,
        "understudy_version": version("pytest-understudy"),
        "event_version": EVENT_VERSION,
        "platform": platform.platform(),
        "options": [redacted(redact(str(each))) for each in config.invocation_params.args],
    }


def ending(
    config: pytest.Config, clock: Clock, *, exit_status: int, workers: int
) -> dict[str, Any]:
    """Return the line that closes a run."""
    return {
        "kind": "run",
        "finished": _now(clock),
        "exit_status": exit_status,
        "worker_count": workers,
        **_git(config.rootpath),
    }


def _now(clock: Clock) -> str:
    return datetime.fromtimestamp(clock.wall(), UTC).isoformat()


def _git(root: Path) -> dict[str, Any]:
    git = shutil.which("git")
    if git is None:
        return {}
    commit = _said(git, root, "rev-parse", "HEAD")
    if not commit:
        return {}
    changes = _said(git, root, "status", "--porcelain", "--untracked-files=no")
    return {"git_commit": commit, "git_dirty": None if changes is None else bool(changes)}


def _said(git: str, root: Path, *words: str) -> str | None:
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words, no shell
            [git, *words],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
