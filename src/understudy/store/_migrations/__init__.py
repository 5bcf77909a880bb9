"""The schema, step by step: one file for each migration, never changed once released."""

from ._all import MIGRATIONS
from ._migration import Migration

__all__ = ["MIGRATIONS", "Migration"]
