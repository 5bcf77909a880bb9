"""A lock between processes."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    #: Locked bytes cannot be read by others there, so lock one that no file reaches.
    _BEYOND_THE_END = 0x7FFF_0000

    def try_lock(descriptor: int, *, shared: bool = False) -> bool:  # noqa: ARG001
        """Take the lock if nobody else holds it; there is no shared one here."""
        os.lseek(descriptor, _BEYOND_THE_END, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def unlock(descriptor: int) -> None:
        """Give the lock back."""
        os.lseek(descriptor, _BEYOND_THE_END, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def try_lock(descriptor: int, *, shared: bool = False) -> bool:
        """Take the lock if nobody else holds it.

        Raises:
            OSError: the file system knows no locks.
        """
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            # flock, not lockf: a process that opens and closes a file that it holds
            # locked would lose a lockf lock.
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(descriptor: int) -> None:
        """Give the lock back, for forked children that inherited it too."""
        fcntl.flock(descriptor, fcntl.LOCK_UN)


_POLL_SECONDS = 0.01
_MODE = 0o644


class FileLock:
    """An exclusive, advisory lock on a file of its own.

    The operating system frees it when the process dies.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._owner = 0

    def acquire(self, *, timeout: float = 0.0) -> bool:
        """Wait for the lock for at most `timeout` seconds; False if it did not come free.

        Makes the lock's file and its folder.

        Raises:
            OSError: the file cannot be made, or its file system knows no locks.
        """
        self._descriptor = open_locked(self.path, os.O_RDWR, timeout=timeout)
        self._owner = os.getpid()
        return self._descriptor is not None

    def release(self) -> None:
        """Give the lock back; in a forked child, only let go of the inherited file."""
        if self._descriptor is None:
            return
        if self._owner == os.getpid():
            unlock(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = None

    def remove(self) -> None:
        """Remove the lock's file while it is held, then give the lock back."""
        if os.name == "nt":  # pragma: no cover
            self.release()  # an open file cannot be removed there
        self.path.unlink(missing_ok=True)
        self.release()


def open_locked(path: Path, flags: int, *, timeout: float = 0.0) -> int | None:
    """Open `path`, made where it is missing, and lock it; None where another holds it.

    Raises:
        OSError: the file cannot be made, or its file system knows no locks.
    """
    waited = 0.0  # counted, since a test may have frozen the clocks
    while (descriptor := _try_open_locked(path, flags)) is None:
        if waited >= timeout:
            return None
        time.sleep(_POLL_SECONDS)  # noqa: TID251  # other processes live in real time
        waited += _POLL_SECONDS
    return descriptor


def _try_open_locked(path: Path, flags: int) -> int | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, flags | os.O_CREAT | getattr(os, "O_BINARY", 0), _MODE)
    held = False
    try:
        held = try_lock(descriptor) and _is_still_at(path, descriptor)
    finally:
        if not held:
            os.close(descriptor)
    return descriptor if held else None


def _is_still_at(path: Path, descriptor: int) -> bool:
    """Tell whether the locked file was not removed between opening and locking it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
