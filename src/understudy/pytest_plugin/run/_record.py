"""What is known of a run besides its calls."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest

from ...events import EVENT_VERSION
from ...git import git_says
from ...redaction import redacted
from ...store import redact

if TYPE_CHECKING:
    from pathlib import Path

    from ...clock import Clock


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
    commit = git_says(root, "rev-parse", "HEAD")
    if not commit:
        return {}
    changes = git_says(root, "status", "--porcelain", "--untracked-files=no")
    return {"git_commit": commit, "git_dirty": None if changes is None else bool(changes)}
