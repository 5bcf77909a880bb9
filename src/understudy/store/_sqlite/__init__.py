"""The store in a file of SQLite."""

from ._open import open_sqlite, stored_version
from ._set_aside import set_aside

__all__ = ["open_sqlite", "set_aside", "stored_version"]
