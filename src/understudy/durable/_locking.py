"""Advisory locks of the operating system on an open file descriptor."""

from __future__ import annotations

import sys

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
    import os

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


__all__ = ["try_lock", "unlock"]
