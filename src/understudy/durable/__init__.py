"""Writes that survive: atomic files, locks, append-only journals."""

from ._atomic import rename_durably, replacing, sync_file, write_atomically
from ._folder import is_private, make_state_folder, spare_folder, state_folder
from ._journal import Journal, JournalLines, is_alive
from ._lock import FileLock
from ._rotating_journal import RotatingJournal, worker_of
from ._run_journals import RunJournals, claim_leftovers, journal_path

__all__ = [
    "FileLock",
    "Journal",
    "JournalLines",
    "RotatingJournal",
    "RunJournals",
    "claim_leftovers",
    "is_alive",
    "is_private",
    "journal_path",
    "make_state_folder",
    "rename_durably",
    "replacing",
    "spare_folder",
    "state_folder",
    "sync_file",
    "worker_of",
    "write_atomically",
]
