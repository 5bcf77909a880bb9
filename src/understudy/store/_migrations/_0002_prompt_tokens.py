"""Version 2: what an estimate knew of its prompt; estimates in the order of time."""

from __future__ import annotations

from typing import Final

from ._migration import Migration

# Types are translated where they stand on a line of their own.
PROMPT_TOKENS: Final = Migration(
    name="0002_prompt_tokens",
    statements=(
        """
        ALTER TABLE token_estimates ADD COLUMN
            prompt_tokens INTEGER CHECK (prompt_tokens >= 0)
        """,
        "CREATE INDEX token_estimates_by_time ON token_estimates (ts)",
    ),
)
