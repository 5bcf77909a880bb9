"""Version 3: how each test fared with its cassette."""

from __future__ import annotations

from typing import Final

from ._migration import Migration

CASSETTE_VERDICT: Final = Migration(
    name="0003_cassette_verdict",
    statements=(
        """
        ALTER TABLE phases ADD COLUMN
            cassette_verdict TEXT CHECK (cassette_verdict IN (
                'hit', 'partial', 'miss', 'recorded', 'live'
            ))
        """,
    ),
)
