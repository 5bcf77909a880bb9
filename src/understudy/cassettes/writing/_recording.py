"""The journal of one open cassette: what it recorded and has not saved yet."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ...durable import Journal
from ...errors import JournalError

if TYPE_CHECKING:
    from .._modes import RecordMode
    from .._stored_interaction import StoredInteraction
    from ._state import State


class RecordingJournal:
    """Keeps each interaction on the disk until the file holds it.

    A disk that takes none is no reason to fail the call that was just paid for: `error` says
    what was wrong, and the interaction is saved with the file.
    """

    def __init__(self, state: State, mode: RecordMode) -> None:
        self.error: Exception | None = None
        self._state = state
        self._mode = mode
        self._journal: Journal | None = None

    def open(self) -> None:
        """Begin, so that others see that this cassette is being recorded."""
        try:
            self._journal = Journal.open(self._state.new_journal(self._mode))
        except (OSError, JournalError) as error:
            self.error = error

    def append(self, entry: StoredInteraction) -> None:
        """Write an interaction; when this returns, killing the process does not lose it."""
        if self._journal is None:
            return
        try:
            self._journal.append(entry.line)
        except (OSError, JournalError, TypeError, ValueError) as error:
            self.error = error

    def close(self, *, keep: bool = False) -> None:
        """Let go; remove what was written, as the file holds it, unless it is to be kept."""
        journal, self._journal = self._journal, None
        if journal is None:
            return
        if not keep:
            with suppress(OSError):
                journal.path.unlink(missing_ok=True)
        journal.close()
