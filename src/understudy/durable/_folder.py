"""The folder that holds what a run leaves behind."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from ..options import STATE_FOLDER


def state_folder(root: Path) -> Path:
    """Return the folder below `root`, pytest's rootdir, that holds what a run leaves behind."""
    return root / STATE_FOLDER


def make_state_folder(folder: Path) -> None:
    """Make `folder`; one called `.understudy` on the way to it ignores itself in git.

    Raises:
        OSError: the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for place in (folder, *folder.parents):
        if place.name == STATE_FOLDER:
            with suppress(FileExistsError), (place / ".gitignore").open("x") as ignored:
                ignored.write("*\n")
            return


def spare_folder() -> Path:
    """Return the place, which need not be there, for what the state folder cannot take.

    It is this user's, in the temporary folder.

    Raises:
        OSError: there is no temporary folder.
    """
    user = os.getuid() if hasattr(os, "getuid") else "spare"
    return Path(tempfile.gettempdir()) / f"understudy-{user}"


def is_private(folder: Path) -> bool:
    """Tell whether `folder` is there, and nobody else can put anything into it."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    is_mine = not hasattr(os, "getuid") or (
        found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )
    return stat.S_ISDIR(found.st_mode) and is_mine
