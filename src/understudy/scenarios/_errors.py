"""What is wrong with a scenario file, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `line` counts from 1, `key` is the dotted path to it."""

    path: Path
    message: str
    line: int | None = None
    key: str = ""

    def __str__(self) -> str:
        place = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return ": ".join(filter(None, (place, self.key, self.message)))


class ScenarioError(SettingsError):
    """A scenario file cannot be used; `problems` says why."""

    slug = "scenario"

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        shown = [str(problem) for problem in problems[:_SHOWN]]
        if len(problems) > _SHOWN:
            shown.append(f"and {len(problems) - _SHOWN} more")
        super().__init__("\n".join(shown))
