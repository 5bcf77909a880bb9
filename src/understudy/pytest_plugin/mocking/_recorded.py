"""The delay profile `recorded`: mocked answers take as long as those in the suite's cassettes."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._books import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...delays import TimedCall
    from ...delays.fitting import MeasuredProfile
    from ...wire import Codecs

_FOLDER: Final = "cassettes"
_SUFFIXES: Final = (".yaml", ".yml", ".json", ".yaml.gz")
_PASSED_OVER: Final = frozenset({"node_modules", "venv", "site-packages", "__pycache__"})


class RecordedProfile:
    """Draws from the timed answers in all folders called `cassettes` below `root`.

    They are read when it is first asked.
    """

    def __init__(self, root: Path, codecs: Codecs) -> None:
        self._root = root
        self._codecs = codecs

    @cached_property
    def measured(self) -> MeasuredProfile:
        """What the cassettes tell.

        Raises:
            CassetteError: a file cannot be read, or none holds a timed answer that streamed.
        """
        from ...cassettes.timings import recorded_profile  # noqa: PLC0415 - who asks for it pays

        state = self._root / STATE_FOLDER
        return recorded_profile(cassettes_below(self._root), self._codecs, state=state)

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Yield seconds: before the first line, then before each further one."""
        return self.measured.delays(call)


def cassettes_below(root: Path) -> Iterator[Path]:
    """Yield the files in folders called `cassettes`, in one order on every machine."""
    for name, folders, files in os.walk(root):
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and each not in _PASSED_OVER
        )
        place = Path(name)
        if _FOLDER in place.relative_to(root).parts:
            yield from (place / file for file in sorted(files) if file.endswith(_SUFFIXES))
