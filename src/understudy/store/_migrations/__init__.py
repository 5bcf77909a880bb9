"""The migrations of the schema, append-only, in the order in which they are applied."""

from __future__ import annotations

from typing import Final

from ._0001_initial import INITIAL
from ._0002_prompt_tokens import PROMPT_TOKENS
from ._0003_cassette_verdict import CASSETTE_VERDICT
from ._0004_lifecycle import LIFECYCLE
from ._0005_run_kind import RUN_KIND
from ._0006_retention import RETENTION
from ._migration import Migration

__all__ = ["MIGRATIONS", "Migration"]


MIGRATIONS: Final = (INITIAL, PROMPT_TOKENS, CASSETTE_VERDICT, LIFECYCLE, RUN_KIND, RETENTION)
