"""Brings a store that is there to the current version of the schema, and says what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..clock import RealClock
from ._location import FileLocation, parse_location
from ._migrations import MIGRATIONS
from ._open import open_store

if TYPE_CHECKING:
    from pathlib import Path

#: Whoever asks for a migration waits longer than a run would, in seconds.
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Migrated:
    """What became of a store: its versions before and after, the steps between, and how long."""

    location: str
    before: int
    after: int
    seconds: float

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the migrations that were applied."""
        return tuple(each.name for each in MIGRATIONS[self.before : self.after])


def migrate_store(location: str | Path, *, timeout: float = _PATIENCE) -> Migrated:
    """Bring the store at a path or URL to the current version, all or nothing.

    Raises:
        SettingsError: the location makes no sense, or needs a package that is not installed.
        StoreError: the store is missing, locked, read-only, corrupt, of a newer version, or a
            database that is somebody else's.
    """
    now = RealClock().now
    began = now()
    before = _version(location, timeout)
    with open_store(location, create=False, timeout=timeout) as store:
        return Migrated(store.location, before, len(MIGRATIONS), now() - began)


def _version(location: str | Path, timeout: float) -> int:
    found = parse_location(location)
    if isinstance(found, FileLocation):
        from ._sqlite import stored_version  # noqa: PLC0415 - one of the two is enough

        return stored_version(found.path, timeout=timeout)
    from ._postgres import stored_version as version_on_server  # noqa: PLC0415 - as above

    return version_on_server(found, timeout=timeout)
