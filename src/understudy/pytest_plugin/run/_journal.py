"""The line of a run in its journal, and what is known of a run besides its calls."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import pytest

from ...durable import Journal, RunJournals, journal_path, state_folder
from ...errors import JournalError, SettingsError, printable
from ...events import EVENT_VERSION, new_id
from ...git import git_says
from ...redaction import redacted
from ...store import has_run, journal_root, redact
from ...telemetry import JournalWriter, NullWriter
from .._workers import told_run_id

if TYPE_CHECKING:
    from pathlib import Path

    from ...clock import Clock
    from ...settings import Settings


_RUN_ID: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")


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
        SettingsError: the store's location or the id of the run is wrong.
    """
    handed = told_run_id(config)
    root = None
    if settings.telemetry:
        root = journal_root(settings.store, state_folder=state_folder(config.rootpath))
    run_id = handed or _own_run_id(settings, root) or new_id()
    worker = getattr(config, "workerinput", {}).get("workerid", "main")
    if root is None:
        return RunJournal(run_id, worker)
    journal = RunJournal(run_id, worker, settings.store, root)
    journal.open(is_controller=handed is None)
    return journal


def _own_run_id(settings: Settings, root: Path | None) -> str | None:
    """Return the id that the user gives this run; its journals stand below `root`.

    Raises:
        SettingsError: it is none, or another run has it.
    """
    run_id = settings.run_id
    if run_id is None:
        return None
    where = f"--llm-run-id={printable(run_id)[:80]}"
    if not _RUN_ID.fullmatch(run_id):
        msg = f"{where}: write 1 to 64 letters, digits, '.', '_' or '-'."
        raise SettingsError(msg)
    if root is not None and (root / run_id).is_dir():
        msg = f"{where}: a run of that id goes on, or was killed; name another."
        raise SettingsError(msg)
    if root is not None and has_run(settings.store, run_id):
        msg = f"{where}: the store {redact(settings.store)} holds a run of that id; name another."
        raise SettingsError(msg)
    return run_id


def beginning(config: pytest.Config, clock: Clock) -> dict[str, Any]:
    """Return the line that opens a run."""
    return {
        "kind": "run",
        "started": _now(clock),
        "python_version": platform.python_version(),
        "pytest_version": pytest.__version__,
        "understudy_version": version("pytest-understudy"),
        "event_version": EVENT_VERSION,
        "platform": platform.platform(),
        "options": [redacted(redact(str(each))) for each in config.invocation_params.args],
    }


def ending(
    config: pytest.Config, clock: Clock, *, exit_status: int, workers: int
) -> dict[str, Any]:
    """Return the line that closes a run."""
    return {
        "kind": "run",
        "finished": _now(clock),
        "exit_status": exit_status,
        "worker_count": workers,
        **_git(config.rootpath),
    }


def _now(clock: Clock) -> str:
    return datetime.fromtimestamp(clock.wall(), UTC).isoformat()


def _git(root: Path) -> dict[str, Any]:
    commit = git_says(root, "rev-parse", "HEAD")
    if not commit:
        return {}
    changes = git_says(root, "status", "--porcelain", "--untracked-files=no")
    return {"git_commit": commit, "git_dirty": None if changes is None else bool(changes)}
