"""The delay profile `recorded`: mocked answers take as long as those in the suite's cassettes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ...cassettes import CASSETTES, files_below
from .._books import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ...delays import TimedCall
    from ...delays.fitting import MeasuredProfile
    from ...wire import WireApis


class RecordedProfile:
    """Draws from the timed answers in all folders called `cassettes` below `root`.

    They are read when it is first asked.
    """

    def __init__(self, root: Path, apis: WireApis) -> None:
        self._root = root
        self._apis = apis

    @cached_property
    def measured(self) -> MeasuredProfile:
        """What the cassettes tell.

        Raises:
            CassetteError: a file cannot be read, or none holds a timed answer that streamed.
        """
        from ...cassettes.timings import recorded_profile  # noqa: PLC0415 - who asks for it pays

        state = self._root / STATE_FOLDER
        return recorded_profile(cassettes_below(self._root), self._apis, state=state)

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Yield seconds: before the first line, then before each further one."""
        return self.measured.delays(call)


def cassettes_below(root: Path) -> Iterator[Path]:
    """Yield the files in folders called `cassettes`, in one order on every machine."""
    for path in files_below(root):
        if CASSETTES in path.relative_to(root).parts[:-1]:
            yield path
