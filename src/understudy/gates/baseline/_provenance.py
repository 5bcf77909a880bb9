"""Who updates a baseline, and on which commit."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Final

from ...git import git_says
from ._record import Update

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_COMMIT_LENGTH: Final = 12
_UNKNOWN: Final = "unknown"


def update_by_us(root: Path, *, reason: str, at: datetime) -> Update:
    """Describe an update that whoever runs this makes now, in the repository at `root`."""
    return Update(
        date=f"{at:%Y-%m-%d}",
        commit=(git_says(root, "rev-parse", "HEAD") or _UNKNOWN)[:_COMMIT_LENGTH],
        author=git_says(root, "config", "user.name") or _user(),
        reason=" ".join(reason.split()),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return _UNKNOWN
