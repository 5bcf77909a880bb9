"""The store of telemetry: the only place with SQL."""

from ._connection import CorruptStoreError
from ._footprint import footprint_as_json
from ._gather import Gathered, LooseLines, gather
from ._location import journal_root, parse_location, redact
from ._long_writer import LongWriter, open_long_writer
from ._merge import MergeReport, merge_journals
from ._migrated import Migrated, migrate_store
from ._migrations import SCHEMA_VERSION
from ._models import ModelHistory, ThoughtBucket
from ._open import has_run, open_store, recover_store
from ._records import (
    Footprint,
    Latency,
    ModelStatistics,
    Phase,
    Refusal,
    Run,
    TableSize,
    WriteReport,
)
from ._redis_history import RedisHistory
from ._spend import SpendHistory
from ._spend_alerts import SpendAlerts
from ._store import Store

__all__ = [
    "SCHEMA_VERSION",
    "CorruptStoreError",
    "Footprint",
    "Gathered",
    "Latency",
    "LongWriter",
    "LooseLines",
    "MergeReport",
    "Migrated",
    "ModelHistory",
    "ModelStatistics",
    "Phase",
    "RedisHistory",
    "Refusal",
    "Run",
    "SpendAlerts",
    "SpendHistory",
    "Store",
    "TableSize",
    "ThoughtBucket",
    "WriteReport",
    "footprint_as_json",
    "gather",
    "has_run",
    "journal_root",
    "merge_journals",
    "migrate_store",
    "open_long_writer",
    "open_store",
    "parse_location",
    "recover_store",
    "redact",
]
