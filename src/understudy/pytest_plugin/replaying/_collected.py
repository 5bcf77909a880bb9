"""Of which folders a run collected all tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

_NARROWING: Final = (
    "keyword",
    "markexpr",
    "lf",
    "deselect",
    "ignore",
    "ignore_glob",
    "collectonly",
    "continue_on_collection_errors",
)
_COLLECTED: Final = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


def collected_folders(config: pytest.Config, exit_status: int) -> list[str]:
    """Return the folders, relative to rootdir where they are below it; `.` is everything."""
    is_narrowed = any(config.getoption(option, default=None) for option in _NARROWING)
    if is_narrowed or exit_status not in _COLLECTED:
        return []
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return ["."]
    start = config.invocation_params.dir
    folders = [Path(os.path.normpath(start / argument)) for argument in config.args]
    return [_name(folder, config.rootpath) for folder in folders if folder.is_dir()]


def _name(folder: Path, root: Path) -> str:
    return (folder.relative_to(root) if folder.is_relative_to(root) else folder).as_posix()
