"""Where a process keeps its lines until the controller merges them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...durable import Journal, RunJournals, journal_path, state_folder
from ...errors import JournalError
from ...events import new_id
from ...store import journal_root
from ...telemetry import JournalWriter, NullWriter
from .._workers import told_run_id

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from ...settings import Settings


@dataclass(slots=True)
class RunJournal:
    """The lines of one process, on their way to the store at `location`, None for nowhere.

    Journals stand below `root`; `claim` holds those of the run, in the controller only.
    """

    run_id: str
    worker: str = "main"
    location: str | None = None
    root: Path | None = None
    lines: JournalWriter | NullWriter = field(default_factory=NullWriter)
    claim: RunJournals | None = None
    _journal: Journal | None = None

    def open(self, *, is_controller: bool) -> None:
        """Open a journal below `root`, or keep the lines in memory where that fails."""
        assert self.root is not None
        try:
            if is_controller:
                self.claim = RunJournals.begin(self.root, self.run_id)
            self._journal = Journal.open(journal_path(self.root, self.run_id, self.worker))
            self.lines = JournalWriter(self._journal.append)
        except (OSError, JournalError) as error:
            failure = f"there is no journal below {self.root} ({error})"
            self.lines = JournalWriter(None, failure=failure)

    @property
    def kept(self) -> list[bytes]:
        """The lines that no journal took."""
        return self.lines.kept if isinstance(self.lines, JournalWriter) else []

    @property
    def failure(self) -> str | None:
        """Why they are in no journal."""
        return self.lines.failure if isinstance(self.lines, JournalWriter) else None

    def handover(self) -> dict[str, Any]:
        """Return, in a worker, what no journal took."""
        return {
            "worker": self.worker,
            "lines": [line.decode() for line in self.kept],
            "failure": self.failure,
        }

    def close(self) -> None:
        """Close the journal; what it holds waits for the controller."""
        if self._journal is not None:
            self._journal.close()

    def release(self) -> None:
        """Let go of the journals of a run that nobody merged."""
        self.close()
        if self.claim is not None:
            self.claim.release()


def open_journal(config: pytest.Config, settings: Settings) -> RunJournal:
    """Open the journal of this process: controller, worker, or nowhere without telemetry.

    Raises:
        SettingsError: the store's location is wrong.
    """
    handed = told_run_id(config)
    run_id = handed or new_id()
    worker = getattr(config, "workerinput", {}).get("workerid", "main")
    if not settings.telemetry:
        return RunJournal(run_id, worker)
    root = journal_root(settings.store, state_folder=state_folder(config.rootpath))
    journal = RunJournal(run_id, worker, settings.store, root)
    journal.open(is_controller=handed is None)
    return journal
