"""What is kept of one cassette beside its file: a lock, journals, its compiled form."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from ..durable import FileLock, Journal, is_alive, is_private, spare_folder, state_folder
from ..errors import JournalError
from ._contents import CompiledFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._settings import RecordMode
    from ._stored_interaction import StoredInteraction

_FOLDER: Final = "cassettes"


@dataclass(frozen=True, slots=True)
class State:
    """The folder of one cassette within the state folder of the project."""

    folder: Path

    @classmethod
    def of(cls, path: Path, root: Path | None) -> State:
        """Return the folder for the cassette at `path`; `root` is `.understudy` beside it."""
        place = Path(os.path.realpath(path))
        name = f"{place.stem[:40]}-{blake2b(os.fsencode(place), digest_size=8).hexdigest()}"
        return cls((root or state_folder(place.parent)) / _FOLDER / name)

    @property
    def lock(self) -> FileLock:
        """A lock that whoever writes the cassette's file must hold."""
        return FileLock(self.folder / "lock")

    def compiled(self, fingerprint: str) -> CompiledFile:
        """Return the compiled form for keys of this fingerprint."""
        return CompiledFile(self.folder / f"{fingerprint}.compiled", fingerprint)

    def forget_compiled(self) -> None:
        """Remove all compiled forms: they may hold what has just been taken out of the file."""
        with suppress(OSError):
            for path in self.folder.glob("*.compiled"):
                path.unlink(missing_ok=True)

    def is_recorded(self, mode: RecordMode) -> bool:
        """Tell whether a cassette that is open somewhere records this file in that mode."""
        return any(path.name.startswith(f"{mode}-") for path in self.journals(alive=True))

    def journals(self, *, alive: bool) -> list[Path]:
        """Return the journals that a process holds, or those whose process has died."""
        folders = [self.folder]
        with suppress(OSError):
            folders += [self.spare] if is_private(spare_folder()) else []
        found = (path for folder in folders for path in sorted(folder.glob("*.jsonl")))
        return [path for path in found if _lives(path) == alive]

    @property
    def spare(self) -> Path:
        """The folder for journals that this one cannot take; raises OSError where there is none."""
        return spare_folder() / _FOLDER / self.folder.name


def _lives(path: Path) -> bool | None:
    with suppress(OSError):
        return is_alive(path)
    return None


class RecordingJournal:
    """Keeps each interaction on the disk until the file holds it.

    Where the state folder takes no more (the disk is full, or it cannot be written), the rest
    goes to the spare one. Where that fails, too, it is no reason to fail the call that was just
    paid for: `error` says what was wrong, and the interaction is saved with the file.
    """

    def __init__(self, state: State, mode: RecordMode) -> None:
        self.error: Exception | None = None
        self._state = state
        self._mode = mode
        self._journals: list[Journal] = []

    @property
    def places(self) -> list[Path]:
        """The files that hold what was appended."""
        return [journal.path for journal in self._journals if journal.path.stat().st_size]

    def open(self) -> None:
        """Begin, so that others see that this cassette is being recorded."""
        failed = self._begin(lambda: self._state.folder)
        self.error = self.error or (failed and self._begin(self._spare))

    def append(self, entry: StoredInteraction) -> None:
        """Write an interaction; when this returns, killing the process does not lose it."""
        failed = self._write(entry)
        if isinstance(failed, OSError | JournalError) and len(self._journals) == 1:
            failed = self._begin(self._spare) or self._write(entry)
        self.error = self.error or failed

    def close(self, *, keep: bool = False) -> None:
        """Let go; remove what was written, as the file holds it, unless it is to be kept."""
        journals, self._journals = self._journals, []
        for journal in journals:
            if not keep:
                with suppress(OSError):
                    journal.path.unlink(missing_ok=True)
            journal.close()

    def _begin(self, folder: Callable[[], Path]) -> Exception | None:
        name = f"{self._mode}-{os.getpid()}-{uuid4().hex[:8]}.jsonl"
        try:
            self._journals.append(Journal.open(folder() / name))
        except (OSError, JournalError) as error:
            return error
        return None

    def _spare(self) -> Path:
        """Return the spare folder, in one that nobody else can write to."""
        root = spare_folder()
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_private(root):
            msg = f"{root} is another user's"
            raise JournalError(msg)
        return self._state.spare

    def _write(self, entry: StoredInteraction) -> Exception | None:
        try:
            if self._journals:
                self._journals[-1].append(entry.line)
        except (OSError, JournalError, TypeError, ValueError) as error:
            return error
        return None
