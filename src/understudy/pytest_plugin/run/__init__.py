"""A run, from its first line to its summary."""

from __future__ import annotations

from ._finished import FinishedRun
from ._journal import RunJournal, open_journal
from ._written import write_summary

__all__ = ["FinishedRun", "RunJournal", "open_journal", "write_summary"]
