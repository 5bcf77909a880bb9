"""What is kept of one cassette beside its file: a lock, journals, its compiled form."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from ..durable import FileLock, Journal, is_alive, state_folder
from ..errors import JournalError
from ._contents import CompiledFile

if TYPE_CHECKING:
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
        return [path for path in sorted(self.folder.glob("*.jsonl")) if _lives(path) == alive]


def _lives(path: Path) -> bool | None:
    with suppress(OSError):
        return is_alive(path)
    return None


class RecordingJournal:
    """Keeps each interaction on the disk until the file holds it.

    A disk that takes none is no reason to fail the call that was just paid for: `error` says
    what was wrong, and the interaction is saved with the file.
    """

    def __init__(self, state: State, mode: RecordMode) -> None:
        self.error: Exception | None = None
        self._state = state
        self._mode = mode
        self._journal: Journal | None = None

    def open(self) -> None:
        """Begin, so that others see that this cassette is being recorded."""
        name = f"{self._mode}-{os.getpid()}-{uuid4().hex[:8]}.jsonl"
        try:
            self._journal = Journal.open(self._state.folder / name)
        except (OSError, JournalError) as error:
            self.error = error

    def append(self, entry: StoredInteraction) -> None:
        """Write an interaction; when this returns, killing the process does not lose it."""
        try:
            if self._journal is not None:
                self._journal.append(entry.line)
        except (OSError, JournalError, TypeError, ValueError) as error:
            self.error = error

    def close(self, *, keep: bool = False) -> None:
        """Let go; remove what was written, as the file holds it, unless it is to be kept."""
        journal, self._journal = self._journal, None
        if journal is None:
            return
        if not keep:
            with suppress(OSError):
                journal.path.unlink(missing_ok=True)
        journal.close()
