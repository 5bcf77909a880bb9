"""The journals of one run: `<root>/<run_id>/<worker>.jsonl` and the lock that guards them.

A process that lives long has a journal in parts: `<worker>.<number>.jsonl`.

Who holds `run.lock` owns the folder: the run's controller from its first moment, or the
controller of a later run that merges what a dead one left. A run lives while its
controller holds that lock or any process holds one of its journals.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Self

from ..errors import JournalError
from ._atomic import write_atomically
from ._folder import make_state_folder
from ._journal import is_alive
from ._lock import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_LOCK_NAME = "run.lock"
_HELD_NAME = "main.000000.jsonl"
_PATIENCE_SECONDS = 1.0


class RunJournals:
    """The journals of one run, held: nobody else merges or removes them meanwhile."""

    def __init__(
        self, folder: Path, lock: FileLock, *, opening: Sequence[bytes] | None = None
    ) -> None:
        self.folder = folder
        self._lock = lock
        self._opening = opening

    @classmethod
    def begin(cls, root: Path, run_id: str) -> Self:
        """Hold the journals of a run that starts; for its controller.

        Raises:
            JournalError: another process holds them.
            OSError: the folder cannot be made, or its file system knows no locks.
        """
        folder = root / run_id
        make_state_folder(folder)
        lock = FileLock(folder / _LOCK_NAME)
        if not lock.acquire(timeout=_PATIENCE_SECONDS):
            msg = f"the journals in {folder} are held by another process"
            raise JournalError(msg)
        return cls(folder, lock)

    @classmethod
    def claim(cls, folder: Path) -> Self | None:
        """Hold the journals of a dead run; None where the run lives or another merges it.

        Raises:
            OSError: the folder cannot be read or written.
        """
        lock = FileLock(folder / _LOCK_NAME)
        if not lock.acquire():
            return None
        claimed = cls(folder, lock)
        lives = True
        try:
            lives = len(claimed.finished()) < len(claimed._all())
        finally:
            if lives:
                claimed.release()
        return None if lives else claimed

    @property
    def run_id(self) -> str:
        """The run that these journals are of."""
        return self.folder.name

    def finished(self) -> list[Path]:
        """Return the journals that no process holds any more, sorted by name."""
        return [path for path in self._all() if not is_alive(path)]

    @property
    def goes_on(self) -> bool:
        """Whether a merge is one in the middle of the run."""
        return self._opening is not None

    def going_on(self, opening: Sequence[bytes]) -> Self:
        """Return the same journals for a merge in the middle of the run: it lets nothing go.

        `opening` are the lines that each of them begins with.
        """
        return type(self)(self.folder, self._lock, opening=opening)

    def retire(self, paths: Iterable[Path], *, held: Sequence[bytes] = ()) -> None:
        """Remove merged journals, and the folder when nothing is left in it; lets go.

        Lines that are `held` back stay, in a part before all others.

        Raises:
            OSError: one cannot be removed, or the held lines cannot be written.
        """
        first = self.folder / _HELD_NAME
        if held:
            write_atomically(first, b"\n".join((*(self._opening or ()), *held, b"")))
        for path in paths:
            if path != first or not held:
                path.unlink(missing_ok=True)
        if self.goes_on or self._all():
            self.release()
            return
        self._lock.remove()
        with suppress(OSError):
            self.folder.rmdir()

    def release(self) -> None:
        """Let go of the journals and leave them where they are."""
        if not self.goes_on:
            self._lock.release()

    def _all(self) -> list[Path]:
        return sorted(self.folder.glob("*.jsonl"))


def journal_path(root: Path, run_id: str, worker: str) -> Path:
    """Return where the journal of a run's worker is, or is to be."""
    return root / run_id / f"{worker}.jsonl"


def claim_leftovers(root: Path) -> list[RunJournals]:
    """Hold the journals of all dead runs under `root`.

    Runs that live, that another controller merges, or whose folder belongs to somebody
    else (not ours to write) are left alone.
    """
    claims: list[RunJournals] = []
    for folder in _folders(root):
        with suppress(OSError):
            claim = RunJournals.claim(folder)
            if claim is not None:
                claims.append(claim)
    return claims


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(path for path in root.iterdir() if path.is_dir())
    except OSError:
        return []
