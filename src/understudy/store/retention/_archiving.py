"""Rows into files: noted, exported, read back and renamed before the first of them is deleted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ...durable import rename_durably, sync_file
from ...errors import StoreError
from .._statements import insert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._connection import Connection
    from ..exports import Batch, ExportTable
    from ._order import Archive, Format, Watch

Keys: TypeAlias = "list[tuple[Any, ...]]"

_NOTE: Final = insert("archives", ("path", "name", "rows"))
_FORGET: Final = "DELETE FROM archives WHERE path = ?"
_WAITING: Final = "SELECT path, name FROM archives ORDER BY path"
_UNSAFE: Final = re.compile(r"[^\w.-]+", re.ASCII)
_LONGEST: Final = 64


class Archiving:
    """Writes files, and notes which of them hold rows that are still in the store.

    A file that is noted and is there under its name is whole; what a kill left of one that is
    not has the name of a draft, and goes.
    """

    def __init__(self, connection: Connection, watch: Watch) -> None:
        self._connection = connection
        self._watch = watch

    def write(
        self, archive: Archive, table: ExportTable, keys: Keys, batches: Iterable[Batch]
    ) -> tuple[Path, Keys]:
        """Export rows, which have about these keys; return their file and the keys in it.

        Raises:
            StoreError: the file cannot be written, or not be read back as it was written.
        """
        path = _free_name(archive, table, keys)
        draft = _draft(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._note(path, table, len(keys))
            written = self._write(archive.form, table, draft, batches)
            rename_durably(draft, path)
        except OSError as error:
            self._give_up(path)
            where = f"{error.filename or draft} cannot be written: {error.strerror}"
            msg = f"{where}; its rows stay in the store"
            raise StoreError(msg) from error
        except BaseException:
            self._give_up(path)
            raise
        self._watch("renamed", len(written))
        return path, written

    def waiting(self) -> list[tuple[Path, str]]:
        """Return the files that an earlier prune noted, and their tables; give up its drafts."""
        found = [(Path(path), name) for path, name in self._connection.execute(_WAITING)]
        drafts = [path for path, _ in found if _draft(path).exists() and not path.exists()]
        for path in drafts:
            self._give_up(path)
        return [(path, name) for path, name in found if path not in drafts]

    def recovered(self, path: Path, form: Format, table: ExportTable) -> Keys | None:
        """Return the keys of the rows in a noted file, None where it is gone.

        Raises:
            StoreError: it is no file of this format any more.
        """
        return _keys(form, path, table) if path.exists() else None

    def forget(self, path: Path) -> None:
        """Note that no row of a file is left in the store."""
        with self._connection.transaction():
            self._connection.execute(_FORGET, (str(path),))
        self._watch("forgotten", 0)

    def _note(self, path: Path, table: ExportTable, rows: int) -> None:
        with self._connection.transaction():
            self._connection.execute(_NOTE, (str(path), table.rows, rows))
        self._watch("noted", rows)

    def _write(
        self, form: Format, table: ExportTable, draft: Path, batches: Iterable[Batch]
    ) -> Keys:
        with draft.open("wb") as file:
            rows = form.write(file, table, batches)
        self._watch("drafted", rows)
        sync_file(draft)
        self._watch("synced", rows)
        keys = _keys(form, draft, table)
        if len(keys) != rows:
            msg = f"{draft} holds {len(keys)} rows instead of {rows}; they stay in the store"
            raise StoreError(msg)
        self._watch("verified", rows)
        return keys

    def _give_up(self, path: Path) -> None:
        for each in (_draft(path), path):
            each.unlink(missing_ok=True)
        self.forget(path)


def _keys(form: Format, path: Path, table: ExportTable) -> Keys:
    try:
        return [table.key_of(key) for key in form.keys(path, table)]
    except ValueError as error:
        msg = f"{path} is no whole file of {form.name} ({error}); its rows stay in the store"
        raise StoreError(msg) from error


def _word(value: Any) -> str:
    text = value.hex() if isinstance(value, bytes) else str(value)
    return _UNSAFE.sub("_", text)[:_LONGEST]


def _draft(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _free_name(archive: Archive, table: ExportTable, keys: Keys) -> Path:
    """Return a name that says the table and the first and last id; no file is ever replaced."""
    low, high = (_word(key[table.label]) for key in (keys[0], keys[-1]))
    folder, suffix = archive.folder.absolute(), archive.form.name
    stem, number = f"{table.title}-{low}-{high}", 1
    path = folder / f"{stem}.{suffix}"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.{suffix}"
    return path
