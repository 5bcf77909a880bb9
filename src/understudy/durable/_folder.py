"""The folder that holds what a run leaves behind."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ..options import STATE_FOLDER

if TYPE_CHECKING:
    from pathlib import Path


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
