"""Reads a journal back, torn end and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class JournalLines:
    """The whole lines of a journal, without their newlines; blank ones are left out.

    `torn` is 1 once a last line without its newline was met (its process was killed in
    the middle of the write), else 0.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.torn = 0

    def __iter__(self) -> Iterator[bytes]:
        """Read from the start.

        Raises:
            OSError: the journal cannot be read.
        """
        self.torn = 0
        with self.path.open("rb") as journal:
            for line in journal:
                if not line.endswith(b"\n"):
                    self.torn = 1
                elif line != b"\n":
                    yield line[:-1]


def read_journal(path: Path) -> JournalLines:
    """Return the lines of the journal at `path`, read when they are iterated."""
    return JournalLines(path)
