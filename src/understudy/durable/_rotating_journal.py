"""The journal of a process that lives long: in parts, of which all but the last may be taken."""

from __future__ import annotations

from contextlib import suppress
from threading import RLock
from typing import TYPE_CHECKING

from ._journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class RotatingJournal:
    """Lines in the parts `<folder>/<worker>.<number>.jsonl`; each begins with those of `opening`.

    A part `is_due` once it is `seconds` old or holds so many `lines`. Whoever looks after the
    journal then begins the next one; those who append never wait for the opening of a file. Part
    and lock are this process's: a forked child makes a journal of its own.
    """

    def __init__(
        self,
        folder: Path,
        worker: str,
        *,
        opening: Sequence[bytes],
        now: Callable[[], float],
        lines: int = 10_000,
        seconds: float = 60.0,
    ) -> None:
        self._folder = folder
        self._worker = worker
        self._opening = opening
        self._now = now
        self._lines = lines
        self._seconds = seconds
        # A collector of garbage may end a call, which appends, in the middle of anything.
        self._lock = RLock()
        self._number = 0
        self._count = 0
        self._due_at = float("inf")
        self._part = self._next_part()

    def append(self, line: bytes) -> bool:
        """Write one line; tell whether whoever looks after the journal is to be woken.

        Raises:
            JournalError: see `Journal.append`.
            OSError: the disk is full or gone.
        """
        with self._lock:
            self._part.append(line)
            self._count += 1
            if self._count == 1:
                self._due_at = self._now() + self._seconds
            return self._count == 1 or self._count >= self._lines

    @property
    def has_lines(self) -> bool:
        """Whether any line was written."""
        return self._count > 0 or self._number > 1

    def seconds_left(self) -> float | None:
        """Return how long the part may still be written; None while it is empty."""
        if not self._count:
            return None
        return 0.0 if self._count >= self._lines else max(0.0, self._due_at - self._now())

    def is_due(self) -> bool:
        """Tell whether the part is full or old."""
        return self.seconds_left() == 0.0

    def rotate(self, *, between: Callable[[], object] = bool) -> bool:
        """Close the part and begin the next; False where it is empty, and stays.

        `between` is called while nobody can append: what was written stands in parts before.

        Raises:
            OSError: the next one cannot be made, or opened; this one is gone on with.
            JournalError: as above.
        """
        with self._lock:
            if not self._count:
                between()
                return False
        fresh = self._next_part()
        with self._lock:
            # In this order: a collector may append in between, and no part with a line is empty.
            self._count, self._due_at = 0, float("inf")
            full, self._part = self._part, fresh
            between()
        full.close()
        return True

    def close(self) -> None:
        """Close the last part; one that is empty is removed."""
        with self._lock:
            self._part.close()
            if not self._count:
                with suppress(OSError):
                    self._part.path.unlink()

    def abandon(self) -> None:
        """Let go, in a forked child, of what is the parent's."""
        self._part.close()

    def _next_part(self) -> Journal:
        self._number += 1
        path = self._folder / f"{self._worker}.{self._number:06}.jsonl"
        part = Journal.open(path)
        try:
            for line in self._opening:
                part.append(line)
        except BaseException:
            part.close()
            with suppress(OSError):
                path.unlink()
            raise
        return part


def worker_of(path: Path) -> str:
    """Return whose lines stand in a journal, or in a part of one."""
    return path.stem.partition(".")[0]
