"""All migrations in their order; their number is the version of the schema."""

from __future__ import annotations

from typing import Final

from ._0001_initial import INITIAL
from ._0002_prompt_tokens import PROMPT_TOKENS
from ._0003_cassette_verdict import CASSETTE_VERDICT

MIGRATIONS: Final = (INITIAL, PROMPT_TOKENS, CASSETTE_VERDICT)
