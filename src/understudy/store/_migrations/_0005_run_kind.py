"""Version 5: what made a run: pytest, a program that logs, or a gateway."""

from __future__ import annotations

from typing import Final

from ._migration import Migration

RUN_KIND: Final = Migration(
    name="0005_run_kind",
    statements=(
        """
        ALTER TABLE runs ADD COLUMN
            kind TEXT NOT NULL DEFAULT 'pytest' CHECK (kind IN ('pytest', 'logger', 'gateway'))
        """,
    ),
)
