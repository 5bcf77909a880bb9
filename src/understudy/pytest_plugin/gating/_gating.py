"""The gate of a run: once, in the controller, when all calls are merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ...gates import BaselineError, Finding, Judgement, Verdict, group_totals
from ...reports import Line
from ...reports.gates import GATE_TITLE
from ._accepting import accept_figures
from ._baseline_check import BaselineCheck
from ._failing_reports import failing_reports
from ._report_facts import ReportFacts
from ._report_writer import ReportWriter

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from _pytest.terminal import TerminalReporter

    from ...gates import Figures, Metric, RunFacts
    from ...gates.policy import Policy
    from ...settings import Settings
    from ..run import FinishedRun
    from ._collection_facts import CollectionFacts
    from ._destinations import Destination

_JUDGED: Final = frozenset(
    {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}
)


class Gating:
    """Hears the end of a run before any other plugin does, judges it, and says so."""

    def __init__(
        self,
        config: pytest.Config,
        settings: Settings,
        end: FinishedRun,
        *,
        collection_facts: CollectionFacts,
        metrics: Mapping[str, Metric],
        policy: Policy,
        destinations: Sequence[Destination],
    ) -> None:
        self._config: Any = config
        self._settings = settings
        self._end = end
        self._collection_facts = collection_facts
        self._baseline_check = BaselineCheck(config, settings, end, metrics=metrics, policy=policy)
        self._report_writer = ReportWriter(config, settings, end, destinations)
        self._report_facts = ReportFacts()
        self._lines: list[Line] = []
        self._has_begun = False
        config.pluginmanager.register(self._report_facts, "understudy-gate-reports")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Tests are about to run, and not only to be collected or shown."""
        shown = ("collectonly", "setuponly", "setupplan")
        self._has_begun = not any(map(self._config.getoption, shown))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int
    ) -> Generator[None, Any, Any]:
        """Judge before the reporters close their files; a crash is an internal error."""
        try:
            if self._has_begun:
                self._conclude(session, exitstatus)
        except Exception:  # noqa: BLE001 - whatever it is, the run must not be green
            self._config.notify_exception(pytest.ExceptionInfo.from_current(), self._config.option)
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
        return (yield)

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print the section of the gate."""
        if self._lines and not self._config.getoption("no_summary"):
            terminalreporter.write_sep("=", GATE_TITLE)
            for line in self._lines:
                terminalreporter.write_line(line.text, **line.markup)

    def _conclude(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus not in _JUDGED or session.shouldfail or session.shouldstop:
            if self._settings.gate or self._settings.update_baseline:
                self._say("the run did not come to its end, so its figures were not judged")
            return
        self._end.close()
        if not self._config.pluginmanager.has_plugin("dsession"):
            self._report_facts.take(self._collection_facts.collected())
        run_facts = self._baseline_check.run_facts(self._report_facts)
        figures = self._baseline_check.figures(run_facts)
        judgement = self._judged(figures, run_facts, is_green=not exitstatus)
        problems = self._report_writer.write(
            judgement, group_totals(figures, run_facts.tests, self._baseline_check.metrics)
        )
        for problem in problems:
            self._say(problem, red=True)
        if judgement is not None:
            self._announce(session, judgement, run_facts)
        if problems:
            self._fail(session)

    def _judged(
        self, figures: Mapping[str, Figures], run_facts: RunFacts, *, is_green: bool
    ) -> Judgement | None:
        """Judge the run, or accept it; what cannot be read is red."""
        try:
            if self._settings.update_baseline:
                self._lines += accept_figures(
                    self._config,
                    self._settings,
                    self._baseline_check,
                    figures,
                    run_facts,
                    is_green=is_green,
                )
            elif self._settings.gate:
                return self._baseline_check.judge(figures, run_facts)
        except BaselineError as error:
            return Judgement(findings=(_unreadable(error),))
        return None

    def _announce(self, session: pytest.Session, judgement: Judgement, run_facts: RunFacts) -> None:
        for finding in judgement.everything():
            self._config.hook.pytest_llm_gate_verdict(config=self._config, verdict=finding)
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        failing = judgement.failing(strict=self._settings.gate_strict)
        if failing and terminal is not None:
            terminal.ensure_newline()
            terminal.write("llm gate: ")
        for report in failing_reports(failing, run_facts.tests):
            self._config.hook.pytest_runtest_logreport(report=report)
        if failing:
            self._fail(session)
        self._lines += self._report_writer.section(judgement, run_facts)

    def _fail(self, session: pytest.Session) -> None:
        if session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self._end.store_exit_status(int(session.exitstatus))

    def _say(self, text: str, *, red: bool = False) -> None:
        self._lines.append(Line(text, {"red" if red else "yellow": True}))


def _unreadable(error: BaselineError) -> Finding:
    return Finding(
        verdict=Verdict.NO_COMPARISON,
        subject="run",
        reason=f"nothing was compared: {error}",
        advice="restore the file, as with `git checkout`",
    )
