"""The store in a database of PostgreSQL."""

from ._open import open_postgres, stored_version

__all__ = ["open_postgres", "stored_version"]
