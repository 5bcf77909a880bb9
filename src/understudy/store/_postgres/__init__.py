"""The store in a database of PostgreSQL."""

from ._open import open_postgres

__all__ = ["open_postgres"]
