"""A cassette's file, shared by processes: each adds what it recorded, none loses another's."""

from __future__ import annotations

import os
import stat
from collections import Counter
from contextlib import contextmanager, suppress
from errno import ENOENT
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from ..durable import FileLock, JournalLines, write_atomically
from ..errors import CassetteError
from ._contents import Contents, digest_of, keys_of, read_contents
from ._document import document_of, interaction_of
from ._file import file_text, packed
from ._settings import RecordMode
from ._state import State
from ._stored_interaction import StoredInteraction, from_line
from .matching import KeyMaker, Matching, all_match

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from ._interaction import Interaction

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

    def look(self) -> Sequence[StoredInteraction] | None:
        """Return what `read` would make of the file, and write nothing; None where there is none.

        Raises:
            CassetteError: it cannot be read, or is no cassette.
        """
        contents = read_contents(self.path, self._keys)
        stored: Sequence[StoredInteraction] = () if contents is None else contents.stored
        for journal in self.state.journals(alive=False):
            with suppress(OSError):
                missing = self._missing(journal, stored)
                stored = merged(stored, missing, _replaced_by(journal, stored), self._is_same)
        return None if contents is None and not stored else stored

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
            return self._add(self._current(), new, replaceable)

    def rewrite(self, change: Callable[[StoredInteraction], StoredInteraction | None]) -> int:
        """Put each each through `change`, None drops it; return how many came back as another.

        Raises as `add` does.
        """
        with self._locked():
            current = self._current()
            changed = [change(each) for each in current.stored]
            count = sum(new is not old for new, old in zip(changed, current.stored, strict=True))
            if count:
                self._replace(current, [each for each in changed if each is not None])
            return count

    def _add(
        self, current: Contents, new: Sequence[StoredInteraction], replaceable: Collection[bytes]
    ) -> bytes:
        return self._replace(current, merged(current.stored, new, replaceable, self._is_same))

    def _is_same(self, one: StoredInteraction, other: StoredInteraction) -> bool:
        requests = one.interaction.request, other.interaction.request
        return all_match(self._keys.matchers, *requests)

    def _replace(self, current: Contents, stored: Sequence[StoredInteraction]) -> bytes:
        if not current.is_writable:
            msg = f"{self.path}: is of a form that can be played, but not be added to"
            raise CassetteError(msg)
        text = file_text(self.path, current.head, [each.document for each in stored])
        data = packed(self.path, text)
        _write(self.path, data)
        self.state.forget_compiled()
        self._known = Contents(tuple(stored), current.head, digest_of(data))
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

    def _recover(self) -> None:
        """Add what is in the journals of processes that died, and remove them."""
        if not self.state.journals(alive=False):
            return
        with self._locked():
            for journal in self.state.journals(alive=False):
                # Held, so that nobody begins to write it: it may be new, and not held yet.
                held = FileLock(journal)
                if held.acquire():
                    self._take_in(journal, held)

    def _take_in(self, journal: Path, held: FileLock) -> None:
        try:
            self._add_left(journal)
        except BaseException:
            held.release()
            raise
        held.remove()
        if journal.parent != self.state.folder:
            with suppress(OSError):
                journal.parent.rmdir()

    def _add_left(self, journal: Path) -> None:
        current = self._current()
        missing = self._missing(journal, current.stored)
        if missing:
            replaceable = _replaced_by(journal, current.stored)
            self.recovered = self._add(current, missing, replaceable)

    def _missing(
        self, journal: Path, stored: Sequence[StoredInteraction]
    ) -> list[StoredInteraction]:
        """Return what is in a journal and not among what is stored."""
        there = Counter(each.identity for each in stored)
        missing = []
        for each in self._left(journal):
            there[each.identity] -= 1
            if there[each.identity] < 0:
                missing.append(each)
        return missing

    def _left(self, journal: Path) -> Iterator[StoredInteraction]:
        for line in JournalLines(journal):
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


def _replaced_by(journal: Path, stored: Sequence[StoredInteraction]) -> frozenset[bytes]:
    """Return the identities of what gives its place to what is in a journal."""
    is_re_recorded = journal.name.startswith(f"{RecordMode.ALL}-")
    return frozenset(each.identity for each in stored if is_re_recorded)


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


def merged(
    current: Sequence[StoredInteraction],
    new: Sequence[StoredInteraction],
    replaceable: Collection[bytes],
    same: Callable[[StoredInteraction, StoredInteraction], bool],
) -> list[StoredInteraction]:
    """Return the current interactions, then the new ones.

    Of the current ones, those whose identity is `replaceable` give their place to the new ones
    of the same key for which `same` holds.
    """
    rivals: dict[str, list[StoredInteraction]] = {}
    for each in new:
        rivals.setdefault(each.keys.loose, []).append(each)
    kept: list[StoredInteraction] = []
    placed: set[int] = set()
    for old in current:
        known = rivals.get(old.keys.loose, ()) if replaceable else ()
        heirs = [each for each in known if same(each, old)]
        if not heirs or old.identity not in replaceable:
            kept.append(old)
            continue
        kept += [each for each in heirs if id(each) not in placed]
        placed.update(map(id, heirs))
    return [*kept, *(each for each in new if id(each) not in placed)]


def load_interactions(
    path: str | os.PathLike[str], *, state: Path | None = None
) -> list[Interaction]:
    """Return all interactions of a file, in its order.

    Reads vcrpy's YAML and JSON of all versions, gzipped or not, with bodies as text, bytes,
    base64 or structured (`parsed_body`), Ruby VCR's, betamax's and go-vcr's files, and HTTP
    archives. With `state`, the folder for what is kept beside cassettes, what a killed process
    left is among them, as when it is opened. Nothing is written.

    Raises:
        CassetteError: there is no such file, or it cannot be read; names the file and the line.
    """
    place, keys = Path(path), KeyMaker(Matching())
    if state is not None:
        stored = CassetteFile(place, keys, state).look()
    else:
        contents = read_contents(place, keys)
        stored = None if contents is None else contents.stored
    if stored is None:
        msg = f"{path}: cannot be read: {os.strerror(ENOENT)}"
        raise CassetteError(msg)
    return [each.interaction for each in stored]


def rewrite(
    path: Path, change: Callable[[Interaction], Interaction | None], *, state: Path | None = None
) -> int:
    """Put each interaction through `change`, which may return None to drop it; count the changed.

    Those that come back equal stay as they stand in the file; where all do, it is not written.

    Raises:
        CassetteError: the file cannot be read, or is of a form that is not written here.
        OSError: it cannot be written; it is as before.
    """

    def changed(old: StoredInteraction) -> StoredInteraction | None:
        recorded = change(old.interaction)
        if recorded is None or recorded == old.interaction:
            return None if recorded is None else old
        document = {**old.document, **document_of(recorded)}
        return StoredInteraction(old.keys, document=document, interaction=recorded)

    return CassetteFile(path, KeyMaker(Matching()), state).rewrite(changed)
