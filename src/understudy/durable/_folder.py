"""The folder that holds what a run leaves behind."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def make_state_folder(folder: Path) -> None:
    """Make `folder`; one called `.understudy` on the way to it ignores itself in git.

    Raises:
        OSError: the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for place in (folder, *folder.parents):
        if place.name == ".understudy":
            with suppress(FileExistsError), (place / ".gitignore").open("x") as ignored:
                ignored.write("*\n")
            return
