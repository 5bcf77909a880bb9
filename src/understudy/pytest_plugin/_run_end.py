"""The end of a run, in the controller: merge, judge the run's budget, say what happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from ..reports import SECTION_TITLE, Line
from ..store import LooseLines, open_store
from ._handover import KEY
from ._merging import merge
from ._run_budget import run_budget_breach
from ._run_record import beginning, ending
from ._words import calls_of, problems_of, summary_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _pytest.terminal import TerminalReporter

    from ..app import Instrumentation
    from ..pricing import PriceBook
    from ..settings import Settings
    from ..store import MergeReport
    from ._books import Books
    from ._merging import Merged


class RunEnd:
    """Hears the controller's hooks at the beginning and the end of a run.

    A run without telemetry has nothing to merge; its end only says what went wrong.
    """

    def __init__(
        self, config: pytest.Config, settings: Settings, rig: Instrumentation, books: Books
    ) -> None:
        self._config = config
        self._settings = settings
        self._rig = rig
        self._books = books
        self._workers = 0
        self._loose: list[LooseLines] = []
        self._no_journal: str | None = None
        self._record: dict[str, Any] = {}
        self._merged: Merged | None = None
        self._breach: str | None = None
        self._is_closed = False
        #: Ask others what there is to say at the end.
        self.notices: list[Callable[[], Iterable[str]]] = []
        self.facts: list[Callable[[], Iterable[str]]] = []

    def begin(self) -> None:
        """Open the run's record."""
        if self._settings.telemetry:
            self._record = beginning(self._config, self._rig.telemetry.clock)
            self._rig.telemetry.event_log.write(self._record)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell an xdist worker which run it belongs to."""
        node.workerinput[KEY] = {"run_id": self._books.run_id}

    def worker_down(self, handed: dict[str, Any]) -> None:
        """Take what an xdist worker hands back; one that crashed hands back nothing."""
        self._workers += 1
        if handed:
            lines = [line.encode() for line in handed["lines"]]
            self._take_loose(handed["worker"], lines, handed["failure"])
            self._rig.faults.absorb(handed["faults"], handed["first_faults"])
            self._rig.recorder.passed_by += handed["passed_by"]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Merge all journals into the store and judge the run's budget.

        By now pytest has torn down what an interrupted test left, and xdist its workers.
        """
        self._rig.recorder.flush()
        self.close(session, exitstatus)
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and self._config.getoption("no_summary"):
            self._print(terminal)  # before pytest 9.2 nobody would be asked for a summary

    def close(self, session: pytest.Session, exitstatus: int) -> None:
        """Merge and judge the run's budget, once: the gate may ask before the others do."""
        if self._is_closed or not self._settings.telemetry:
            return
        self._is_closed = True
        with self._rig.faults.contained("merging the journals"):
            self._merge(int(exitstatus))
        self._breach = self._budget_breach()
        if self._breach is not None and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self.store_exit_status(int(session.exitstatus))

    def store_exit_status(self, exit_status: int) -> None:
        """Correct how the run ended, after it was stored."""
        with self._rig.faults.contained("storing how the run ended"):
            self._store_exit_status(exit_status)

    @property
    def run_id(self) -> str:
        """The run that ends."""
        return self._books.run_id

    @property
    def prices(self) -> PriceBook:
        """What its calls are priced with."""
        return self._rig.prices

    @property
    def merged(self) -> MergeReport | None:
        """What was merged; None before that, and where it failed."""
        return None if self._merged is None else self._merged.report

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print the summary."""
        if not self._config.getoption("no_summary"):
            self._print(terminalreporter)

    def _print(self, terminalreporter: TerminalReporter) -> None:
        """Print the summary, what went wrong on our side, and why the run fails."""
        lines: list[Line] = []
        with self._rig.faults.contained("writing the summary"):
            lines = self._summary(terminalreporter)
        lines += [Line(text) for facts in self.facts for text in facts()]
        lines += [Line(f"understudy: {text}", {"yellow": True}) for text in self._problems()]
        if self._breach is not None:
            lines.append(Line(f"FAILED llm_budget: {self._breach}", {"red": True}))
        if lines:
            terminalreporter.write_sep("=", SECTION_TITLE)
        for line in lines:
            terminalreporter.write_line(line.text, **line.markup)

    def _merge(self, exit_status: int) -> None:
        telemetry = self._rig.telemetry
        self._record |= ending(
            self._config, telemetry.clock, exit_status=exit_status, workers=self._workers or 1
        )
        telemetry.event_log.write(self._record)
        self._books.close()
        self._take_loose(self._books.worker, self._books.kept, self._books.failure)
        self._merged = merge(self._books, self._rig.prices, self._loose)

    def _take_loose(self, worker: str, lines: list[bytes], failure: str | None) -> None:
        if lines:
            self._loose.append(LooseLines(self._books.run_id, worker, lines))
            self._no_journal = self._no_journal or failure

    def _store_exit_status(self, exit_status: int) -> None:
        if self._merged is None or self._merged.report.failure is not None:
            return
        finished = datetime.fromisoformat(self._record["finished"])
        with open_store(self._settings.store) as store:
            store.finish_run(self._books.run_id, finished=finished, exit_status=exit_status)

    def _budget_breach(self) -> str | None:
        if self._settings.budget is None:
            return None
        if self._merged is None:
            return "the calls of the run could not be read, so its budget cannot be judged"
        calls = calls_of(self._merged.report, self._books.run_id)
        return run_budget_breach(calls, self._settings.budget)

    def _summary(self, writer: TerminalReporter) -> list[Line]:
        if self._merged is None or self._config.getoption("no_summary"):
            return []
        return summary_of(
            self._merged.report,
            self._books,
            self._rig,
            width=writer._tw.fullwidth,  # noqa: SLF001 - pytest's own plugins read it there
            verbosity=self._config.get_verbosity(),
        )

    def _problems(self) -> Iterator[str]:
        if self._merged is not None:
            yield from problems_of(self._merged, self._books.root, self._no_journal)
        yield from self._rig.faults.lines()
        for notices in self.notices:
            yield from notices()
