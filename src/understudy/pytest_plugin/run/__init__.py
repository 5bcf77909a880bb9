"""A run, from its first line to its summary."""

from ._finished import FinishedRun
from ._journal import RunJournal, open_journal

__all__ = ["FinishedRun", "RunJournal", "open_journal"]
