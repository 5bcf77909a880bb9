"""Who updates a baseline, and on which commit."""

from __future__ import annotations

import getpass
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from ._record import Update

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_GIT_SECONDS: Final = 5
_COMMIT_LENGTH: Final = 12
_UNKNOWN: Final = "unknown"


def update_by_us(root: Path, *, reason: str, at: datetime) -> Update:
    """Describe an update that whoever runs this makes now, in the repository at `root`."""
    return Update(
        date=f"{at:%Y-%m-%d}",
        commit=_git(root, "rev-parse", "HEAD")[:_COMMIT_LENGTH] or _UNKNOWN,
        author=_git(root, "config", "user.name") or _user(),
        reason=" ".join(reason.split()),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return _UNKNOWN


def _git(root: Path, *words: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
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
        return ""
    return answer.stdout.strip()
