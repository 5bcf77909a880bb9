"""Opens a store wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..errors import StoreError
from ._location import FileLocation, parse_location

if TYPE_CHECKING:
    from pathlib import Path

    from ._store import Store

#: How long to wait for another process that writes, in seconds.
DEFAULT_TIMEOUT: Final = 5.0


def open_store(
    location: str | Path, *, create: bool = True, timeout: float = DEFAULT_TIMEOUT
) -> Store:
    """Open the store at a path or URL, at the current version of the schema.

    Where it is missing it is made, and a corrupt file is set aside for a new one (see
    `Store.set_aside`); with `create=False`, for those who only read, both are errors.

    Args:
        location: a path, `sqlite:///path` or `postgresql://user:password@host/database`.
        create: make what is missing.
        timeout: how long to wait for another process that writes, in seconds.

    Raises:
        SettingsError: the location makes no sense, or needs a package that is not installed.
        StoreError: the store is missing, locked, read-only, of a newer version, or a
            database that is somebody else's; the disk is full.
    """
    found = parse_location(location)
    if isinstance(found, FileLocation):
        from ._sqlite import open_sqlite  # noqa: PLC0415  # one of the two is enough

        return open_sqlite(found.path, create=create, timeout=timeout)
    from ._postgres import open_postgres  # noqa: PLC0415

    return open_postgres(found, create=create, timeout=timeout)


def has_run(location: str | Path, run_id: str) -> bool:
    """Tell whether a store is there and holds a run.

    Raises:
        SettingsError: the location makes no sense.
    """
    try:
        with open_store(location, create=False) as store:
            return store.has_run(run_id)
    except StoreError:
        return False  # whoever opens it to write says what is wrong


def recover_store(location: str | Path, *, timeout: float = DEFAULT_TIMEOUT) -> Path | None:
    """Set a store that turned out corrupt aside; None where it is not, or is on a server.

    Raises:
        StoreError: the file cannot be moved.
    """
    found = parse_location(location)
    if not isinstance(found, FileLocation):
        return None
    from ._sqlite import set_aside  # noqa: PLC0415

    return set_aside(found.path, timeout=timeout)
