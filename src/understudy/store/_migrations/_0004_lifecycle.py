"""Version 4: lifecycle events by the names that applications use, and what was inferred."""

from __future__ import annotations

from typing import Final

from ._migration import Migration

LIFECYCLE: Final = Migration(
    name="0004_lifecycle",
    statements=(
        "ALTER TABLE lifecycle_events RENAME COLUMN operation TO tool_name",
        "ALTER TABLE lifecycle_events RENAME COLUMN attempt TO attempt_number",
        "ALTER TABLE lifecycle_events ADD COLUMN operation_id TEXT",
        "ALTER TABLE lifecycle_events ADD COLUMN call_id TEXT",
        """
        ALTER TABLE lifecycle_events ADD COLUMN
            inferred BOOLEAN
        """,
        """
        ALTER TABLE lifecycle_events ADD COLUMN
            cause TEXT CHECK (cause IN ('transport', 'content'))
        """,
    ),
)
