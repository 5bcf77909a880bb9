"""How a store stays small: what is old is summed up, exported where asked, and deleted."""

from ._late import part_late
from ._mark import all_marks, mark_pruned, pruned_before

__all__ = ["all_marks", "mark_pruned", "part_late", "pruned_before"]
