"""What is wrong with a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UnderstudyError

if TYPE_CHECKING:
    from pathlib import Path


class BaselineError(UnderstudyError):
    """A file of the baseline cannot be read: names the file, and the line where there is one."""

    slug = "baseline"

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        self.path = path
        self.line = line
        place = str(path) if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {problem}")
