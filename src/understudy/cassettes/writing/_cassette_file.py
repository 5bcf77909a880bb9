"""A cassette's file, shared by processes: each adds what it recorded, none loses another's."""

from __future__ import annotations

import os
import stat
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from ...durable import FileLock, read_journal, write_atomically
from ...errors import CassetteError
from .._contents import Contents, digest_of, keys_of, read_contents
from .._document import interaction_of
from .._lines import from_line
from .._modes import RecordMode
from .._stored_interaction import StoredInteraction
from ..matching import all_match
from ._merge import merged
from ._state import State
from ._text import file_text, packed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from ..matching import KeyMaker

#: Others hold the lock while they read, merge and write: for seconds, if the file is large.
_PATIENCE_SECONDS: Final = 60.0


class CassetteFile:
    """The file at `path`; `state` is the folder for what is kept beside it."""

    def __init__(self, path: Path, keys: KeyMaker, state: Path | None = None) -> None:
        self.path = path
        self.state = State.of(path, state)
        self._keys = keys
        self._compiled = self.state.compiled(keys.fingerprint)
        self._known = Contents()
        #: What the file holds since a killed process's part was put in; None where there was none.
        self.recovered: bytes | None = None

    def read(self) -> Contents | None:
        """Return what is in the file, with what a killed process left; None where there is none.

        Raises:
            CassetteError: it cannot be read, or is no cassette.
        """
        # In a folder that cannot be written what was left waits for a better day.
        with suppress(OSError):
            self._recover()
        contents = read_contents(self.path, self._keys, self._compiled)
        self._known = contents or Contents()
        return contents

    def add(
        self, new: Sequence[StoredInteraction], *, replaceable: Collection[bytes] = ()
    ) -> bytes:
        """Write the file with what others put there meanwhile and `new`; return its text.

        Raises:
            CassetteError: what is there now cannot be read, or an interaction not written; the
                file is as before.
            OSError: it cannot be written; it is as before.
        """
        with self._locked():
            return self._add(new, replaceable)

    def rewrite(self, change: Callable[[StoredInteraction], StoredInteraction | None]) -> int:
        """Put each entry through `change`, None drops it; return how many came back as another.

        Raises as `add` does.
        """
        with self._locked():
            current = self._current()
            changed = [change(entry) for entry in current.entries]
            count = sum(new is not old for new, old in zip(changed, current.entries, strict=True))
            if count:
                self._replace(current, [entry for entry in changed if entry is not None])
            return count

    def _add(self, new: Sequence[StoredInteraction], replaceable: Collection[bytes]) -> bytes:
        current = self._current()
        entries = merged(current.entries, new, replaceable=replaceable, same=self._same)
        return self._replace(current, entries)

    def _replace(self, current: Contents, entries: Sequence[StoredInteraction]) -> bytes:
        if not current.is_writable:
            msg = f"{self.path}: is of a form that can be played, but not be added to"
            raise CassetteError(msg)
        text = file_text(self.path, current.head, [entry.document for entry in entries])
        data = packed(self.path, text)
        _write(self.path, data)
        self.state.forget_compiled()
        self._known = Contents(tuple(entries), current.head, digest_of(data))
        return text.encode("utf-8", "replace")

    def _current(self) -> Contents:
        """Return what is in the file now; nothing where somebody removed it."""
        try:
            data = self.path.read_bytes()
        except OSError:
            data = b""
        if data and digest_of(data) == self._known.digest:
            return self._known
        return read_contents(self.path, self._keys) or Contents()

    def _same(self, one: StoredInteraction, other: StoredInteraction) -> bool:
        matchers = self._keys.matchers
        return all_match(matchers, one.interaction.request, other.interaction.request)

    def _recover(self) -> None:
        """Add what is in the journals of processes that died, and remove them."""
        if not self.state.journals(alive=False):
            return
        with self._locked():
            for journal in self.state.journals(alive=False):
                # Held, so that nobody begins to write it: it may be new, and not held yet.
                held = FileLock(journal)
                if held.acquire():
                    self._take_over(journal, held)

    def _take_over(self, journal: Path, held: FileLock) -> None:
        try:
            self._add_left(journal)
        except BaseException:
            held.release()
            raise
        held.remove()

    def _add_left(self, journal: Path) -> None:
        current = self._current()
        there = Counter(entry.identity for entry in current.entries)
        missing = [entry for entry in self._left(journal) if not _take(there, entry.identity)]
        if missing:
            re_recorded = journal.name.startswith(f"{RecordMode.ALL}-")
            old = [entry.identity for entry in current.entries] if re_recorded else ()
            self.recovered = self._add(missing, frozenset(old))

    def _left(self, journal: Path) -> Iterator[StoredInteraction]:
        for line in read_journal(journal):
            # A full disk may have cut a line off in the middle of the journal.
            with suppress(AttributeError, KeyError, TypeError, ValueError):
                document = from_line(line)
                keys = keys_of(interaction_of(document).request, self._keys)
                yield StoredInteraction(keys, document=document, line=line)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = self.state.lock
        if not lock.acquire(timeout=_PATIENCE_SECONDS):
            msg = f"{self.path}: another process has been writing it for {_PATIENCE_SECONDS:.0f} s"
            raise CassetteError(msg)
        try:
            yield
        finally:
            lock.release()


def _take(there: Counter[bytes], identity: bytes) -> bool:
    """Tell whether one more of these is there, and count it as found."""
    there[identity] -= 1
    return there[identity] >= 0


def _write(path: Path, data: bytes) -> None:
    """Write a file, through a link to it, with the rights that it has or a new one gets."""
    place = Path(os.path.realpath(path))
    place.parent.mkdir(parents=True, exist_ok=True)
    mode = place.stat().st_mode if place.exists() else _mode_of_new_files(place.parent)
    write_atomically(place, data)
    place.chmod(stat.S_IMODE(mode))


def _mode_of_new_files(folder: Path) -> int:
    """Ask the file system: the process can only be asked by changing its mask."""
    probe = folder / f".{uuid4().hex}"
    try:
        with probe.open("x") as file:
            return os.fstat(file.fileno()).st_mode
    finally:
        probe.unlink(missing_ok=True)
