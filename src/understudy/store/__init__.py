"""The store of telemetry: the only place with SQL."""

from ._errors import CorruptStoreError
from ._gather import Harvest, LooseLines, gather
from ._location import journal_root, parse_location, redact
from ._merge import MergeReport, merge_journals
from ._open import open_store, recover_store
from ._protocol import Store
from ._records import Phase, Run
from ._results import (
    Footprint,
    Latency,
    ModelStatistics,
    Refusal,
    WriteReport,
)

__all__ = [
    "CorruptStoreError",
    "Footprint",
    "Harvest",
    "Latency",
    "LooseLines",
    "MergeReport",
    "ModelStatistics",
    "Phase",
    "Refusal",
    "Run",
    "Store",
    "WriteReport",
    "gather",
    "journal_root",
    "merge_journals",
    "open_store",
    "parse_location",
    "recover_store",
    "redact",
]
