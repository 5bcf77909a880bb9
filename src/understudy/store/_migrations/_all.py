"""All migrations in their order; their number is the version of the schema."""

from __future__ import annotations

from typing import Final

from ._0001_initial import INITIAL

MIGRATIONS: Final = (INITIAL,)
