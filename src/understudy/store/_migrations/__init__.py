"""The migrations of the schema, append-only, in the order in which they are applied."""

from __future__ import annotations

from typing import Final

from ._0001_initial import INITIAL
from ._0002_prompt_tokens import PROMPT_TOKENS
from ._0003_cassette_verdict import CASSETTE_VERDICT
from ._0004_lifecycle import LIFECYCLE
from ._0005_run_kind import RUN_KIND
from ._0006_retention import RETENTION
from ._0007_model_log import MODEL_LOG
from ._0008_spending import SPENDING
from ._migration import Migration, Spoken

__all__ = ["EVENT_TABLES", "MIGRATIONS", "SCHEMA_VERSION", "SMALL_TABLES", "Migration", "Spoken"]


MIGRATIONS: Final = (
    *(INITIAL, PROMPT_TOKENS, CASSETTE_VERDICT, LIFECYCLE, RUN_KIND),
    *(RETENTION, MODEL_LOG, SPENDING),
)
SCHEMA_VERSION: Final = len(MIGRATIONS)

_DROPPED: Final = {table for migration in MIGRATIONS for table in migration.dropped}
#: Tables of records that stay small.
SMALL_TABLES: Final = tuple(table for migration in MIGRATIONS for table in migration.tables)
#: Those that may hold millions of rows, whose deleted rows are subtracted by whoever deletes.
BULK_TABLES: Final = tuple(table for migration in MIGRATIONS for table in migration.bulk_tables)
#: All that may hold millions of rows.
EVENT_TABLES: Final = (
    *(
        table
        for migration in MIGRATIONS
        for table in migration.event_tables
        if table not in _DROPPED
    ),
    *BULK_TABLES,
)
