"""What is kept of one cassette beside its file: a lock, journals, its compiled form."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ..durable import FileLock, Journal, is_alive, make_state_folder, replacing
from ..errors import JournalError
from ._stored_interaction import from_line, to_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._settings import RecordMode
    from ._stored_interaction import StoredInteraction

_FORMAT: Final = 1
_FOLDER: Final = "cassettes"
_JOURNALS: Final = "*.jsonl"


@dataclass(frozen=True, slots=True)
class Compiled:
    """`keys` are pairs of an exact and a loose key; `head` is the document without its list."""

    keys: tuple[tuple[str, str], ...]
    head: dict[str, Any]
    lines: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """The place of one cassette's compiled form, for one way of making keys."""

    path: Path
    fingerprint: str

    def read(self, digest: str) -> Compiled | None:
        """Return what is kept of the file with this digest; None where nothing fits."""
        try:
            data = self.path.read_bytes()
            total, _, rest = data.partition(b"\n")
            if total != _digest(rest):
                return None
            first, *lines = rest.split(b"\n")
            header = from_line(first)
            if header["of"] != [_FORMAT, digest, self.fingerprint]:
                return None
            keys = tuple((exact, loose) for exact, loose in header["keys"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return Compiled(keys, header["head"], tuple(lines)) if len(lines) == len(keys) else None

    def write(
        self,
        digest: str,
        keys: Sequence[tuple[str, str]],
        head: dict[str, Any],
        lines: Sequence[bytes],
    ) -> None:
        """Keep it; what cannot be written is left out in silence, as it can be made again."""
        header = {"of": [_FORMAT, digest, self.fingerprint], "head": head, "keys": keys}
        with suppress(OSError, TypeError, ValueError):
            rest = b"\n".join([to_line(header), *lines])
            make_state_folder(self.path.parent)
            with replacing(self.path, sync=False) as file:
                file.write(_digest(rest) + b"\n" + rest)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).hexdigest().encode()


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
        try:
            self._journal = Journal.open(self._state.new_journal(self._mode))
        except (OSError, JournalError) as error:
            self.error = error

    def append(self, entry: StoredInteraction) -> None:
        """Write an interaction; when this returns, killing the process does not lose it."""
        if self._journal is None:
            return
        try:
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
