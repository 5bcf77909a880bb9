"""Where lines are kept until the controller merges them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class LineWriter(Protocol):
    """Takes lines, and never raises."""

    def append(self, line: bytes) -> None:
        """Keep one line."""


class NullWriter:
    """Keeps nothing, for tests that are only watched while they run."""

    def append(self, line: bytes) -> None:
        """Forget the line."""


class JournalWriter:
    """Writes lines into a journal, and keeps in memory those that it does not take.

    `write` is None where there is no journal. `failure` says why not all lines are in it,
    `kept` are those that are not.
    """

    def __init__(
        self, write: Callable[[bytes], None] | None, *, failure: str | None = None
    ) -> None:
        self.kept: list[bytes] = []
        self.failure = failure
        self._write = write

    def append(self, line: bytes) -> None:
        """Keep one line."""
        if self._write is None:
            self.kept.append(line)
            return
        try:
            self._write(line)
        except Exception as error:  # noqa: BLE001 - a full disk must not reach a test
            self.kept.append(line)
            self.failure = self.failure or f"the journal could not be written ({error})"
