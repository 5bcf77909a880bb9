"""The append-only journal of one process."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Self

from ..errors import JournalError
from ._folder import make_state_folder
from ._lock import open_locked, try_lock, unlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PATIENCE_SECONDS = 1.0


class Journal:
    """Lines that are on their way to the disk as soon as `append` returns.

    The process holds the file locked, so that others see that it lives. Threads and
    forked children may append: a line goes out in one write at the end of the file.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._owner = os.getpid()
        self._closed = False
        self._cut_off = False
        # Not `os.write`, which detectors of blocking calls and tests of full disks replace: the
        # page cache takes a line in microseconds, and no loop waits for the disk.
        self._write: Callable[[int, bytes], int] = import_module(os.name).write

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal at `path` and hold it; makes the folder.

        Raises:
            JournalError: another process holds it.
            OSError: it cannot be made, or its file system knows no locks.
        """
        make_state_folder(path.parent)
        # Whoever asks `is_alive` holds the lock for an instant: wait that long.
        flags = os.O_RDWR | os.O_APPEND
        descriptor = open_locked(path, flags, timeout=_PATIENCE_SECONDS)
        if descriptor is None:
            msg = f"the journal {path} is held by another process"
            raise JournalError(msg)
        return cls(path, descriptor)

    def append(self, line: bytes) -> None:
        """Write one line, which must not hold a newline.

        Raises:
            JournalError: the journal is closed, the line holds a newline, or the disk took
                only a part of it.
            OSError: the disk is full or gone.
        """
        if self._closed or b"\n" in line:
            journal = f"the journal {self.path}"
            raise JournalError(
                f"{journal} is closed" if self._closed else f"a line for {journal} holds a newline"
            )
        data = b"\n" + line + b"\n" if self._cut_off else line + b"\n"
        written = self._write(self._descriptor, data)
        self._cut_off = written != len(data)
        if self._cut_off:
            msg = f"the journal {self.path} took {written} of {len(data)} bytes: disk full?"
            raise JournalError(msg)

    def close(self) -> None:
        """Give the journal up, also where a forked child still has it open."""
        if self._closed:
            return
        self._closed = True
        if self._owner == os.getpid():
            unlock(self._descriptor)
        # Not os.close: a thread inside `append` would write to whatever gets the number next.
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, self._descriptor, inheritable=False)
        os.close(sink)

    def __del__(self) -> None:
        """Free the descriptor when nobody can be inside `append` any more."""
        with suppress(OSError):
            os.close(self._descriptor)


def is_alive(path: Path) -> bool:
    """Tell whether a process holds the journal at `path`.

    Raises:
        OSError: the journal cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return not try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


class JournalLines:
    """The whole lines of a journal, without their newlines; blank ones are left out.

    They are read when they are iterated.
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
