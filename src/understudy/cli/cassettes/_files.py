"""Which files a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...cassettes import CASSETTES, files_below
from ...errors import CassetteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: What every cassette holds near its beginning or its end.
_MARKS: Final = (b"interactions", b'"entries"')
_LOOKED_AT: Final = 4096


def cassette_files(paths: Iterable[str]) -> list[Path]:
    """Return the files named, and those in the folders named; the working directory by default.

    In a folder called `cassettes`, every YAML and JSON file is taken for one; elsewhere those
    that look like one. Sorted within each folder.

    Raises:
        CassetteError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths or ["."]):
        if not path.exists():
            msg = f"{path}: cannot be read: there is no such file or folder."
            raise CassetteError(msg)
        found.update(dict.fromkeys(_below(path) if path.is_dir() else [path]))
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    for path in files_below(folder):
        if CASSETTES in path.parent.resolve().parts or _looks_like_one(path):
            yield path


def _looks_like_one(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
    except OSError:
        return False
    return start.startswith(b"\x1f\x8b") or any(mark in start for mark in _MARKS)
