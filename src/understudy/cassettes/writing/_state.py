"""What is kept of one cassette beside its file: a lock, journals, its compiled form."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from ...durable import FileLock, is_alive
from .._compiled import CompiledFile

if TYPE_CHECKING:
    from .._modes import RecordMode

_FOLDER: Final = "cassettes"
_JOURNALS: Final = "*.jsonl"


@dataclass(frozen=True, slots=True)
class State:
    """The folder of one cassette within the state folder of the project."""

    folder: Path

    @classmethod
    def of(cls, path: Path, root: Path | None) -> State:
        """Return the folder for the cassette at `path`; `root` is `.understudy` beside it."""
        place = Path(os.path.realpath(path))
        name = f"{place.stem[:40]}-{blake2b(os.fsencode(place), digest_size=8).hexdigest()}"
        return cls((root or place.parent / ".understudy") / _FOLDER / name)

    @property
    def lock(self) -> FileLock:
        """A lock that whoever writes the cassette's file must hold."""
        return FileLock(self.folder / "lock")

    def compiled(self, fingerprint: str) -> CompiledFile:
        """Return the place of the compiled form."""
        return CompiledFile(self.folder / f"{fingerprint}.compiled", fingerprint)

    def forget_compiled(self) -> None:
        """Remove all compiled forms: they may hold what has just been taken out of the file."""
        with suppress(OSError):
            for path in self.folder.glob("*.compiled"):
                path.unlink(missing_ok=True)

    def new_journal(self, mode: RecordMode) -> Path:
        """Return where one more journal is to be."""
        return self.folder / f"{mode}-{os.getpid()}-{uuid4().hex[:8]}.jsonl"

    def is_recorded(self, mode: RecordMode) -> bool:
        """Tell whether a cassette that is open somewhere records this file in that mode."""
        return any(path.name.startswith(f"{mode}-") for path in self.journals(alive=True))

    def journals(self, *, alive: bool) -> list[Path]:
        """Return the journals that a process holds, or those whose process has died."""
        return [path for path in sorted(self.folder.glob(_JOURNALS)) if _lives(path) == alive]


def _lives(path: Path) -> bool | None:
    with suppress(OSError):
        return is_alive(path)
    return None
