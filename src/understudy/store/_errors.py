"""What a database can say that the store answers itself."""

from __future__ import annotations

from ..errors import StoreError


def newer_version(location: object, version: int, known: int) -> StoreError:
    """Make the error of a store whose schema we do not know yet."""
    return StoreError(
        f"the store {location} was written by a newer pytest-understudy (schema {version}, "
        f"this one knows {known}); upgrade, or name another store"
    )


class CorruptStoreError(StoreError):
    """The file is damaged: it is to be set aside and a new one made."""


class RefusedRowError(StoreError):
    """The database refuses a value: only that row is lost, and counted."""
