"""How a store stays small: what is old is summed up, exported where asked, and deleted."""

from ._late import part_late
from ._mark import all_marks, last_finished, mark_pruned, pruned_before
from ._order import Archive, ArchiveFile, Format, PruneOrder, PruneReport, TablePlan, Watch
from ._prunable import plan_prune
from ._prune import Prune
from ._writing import Writing, writing

__all__ = [
    "Archive",
    "ArchiveFile",
    "Format",
    "Prune",
    "PruneOrder",
    "PruneReport",
    "TablePlan",
    "Watch",
    "Writing",
    "all_marks",
    "last_finished",
    "mark_pruned",
    "part_late",
    "plan_prune",
    "pruned_before",
    "writing",
]
