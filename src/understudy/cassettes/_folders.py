"""Files that may be cassettes, by their names and places."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a folder is called in which every such file is taken for a cassette.
CASSETTES: Final = "cassettes"

_SUFFIXES: Final = (".yaml", ".yml", ".json", ".yaml.gz", ".yml.gz", ".json.gz", ".har")
_PASSED_OVER: Final = frozenset({"node_modules", "venv", "site-packages", "__pycache__"})


def files_below(folder: Path) -> Iterator[Path]:
    """Yield YAML, JSON and HAR files in one order on every machine.

    Hidden folders and those of installed packages are passed over.
    """
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and each not in _PASSED_OVER
        )
        yield from (Path(name, file) for file in sorted(files) if file.endswith(_SUFFIXES))
