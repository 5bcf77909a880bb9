"""The gate of a run: once, in the controller, when all calls are merged."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

import pytest

from ....errors import UnderstudyError
from ....extensions import find_policy
from ....gates import BaselineError, Figures, Judgement, RunFacts, group_totals, nothing_compared
from ....reports import Line
from ....reports.gates import GATE_TITLE
from ..._feature import Feature
from ._baseline_check import BaselineCheck
from ._collection_facts import CollectionFacts
from ._failing_reports import failing_reports
from ._report_writer import ReportWriter, destinations_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ....reports import CheckResult
    from ..._context import RunContext
    from ..._running_test import RunningTest
    from ...run import FinishedRun

_JUDGED: Final = frozenset(
    {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}
)


class Gates(Feature):
    """Collects facts in each process that runs tests; judges and reports in the controller.

    `contracts` grows while the checks of contracts run; reports hold them, too.

    Raises:
        pytest.UsageError: the policy, a registered metric or a report is wrong.
    """

    def __init__(self, context: RunContext, contracts: Sequence[CheckResult] = ()) -> None:
        self._config: Any = context.config
        self._settings = context.settings
        pyproject = context.root / "pyproject.toml"
        try:
            metrics, policy = find_policy(context.extensions, pyproject=pyproject)
            destinations = destinations_of(context.settings.report)
        except UnderstudyError as error:
            raise pytest.UsageError(str(error)) from error
        self._facts = CollectionFacts(context.config, metrics)
        self._check = BaselineCheck(context, metrics=metrics, policy=policy)
        self._writer = ReportWriter(context.config, context.settings, destinations)
        self._metrics = metrics
        self._contracts = contracts
        self._lines: list[Line] = []

    def begin_run(self) -> AbstractContextManager[object]:
        """Hear what is collected."""
        self._config.pluginmanager.register(self._facts, "understudy-gate-facts")
        return nullcontext()

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Read the markers `llm_gate`."""
        self._facts.read_markers(items)

    def report(self, test: RunningTest, report: pytest.TestReport) -> None:
        """Let the first report of a test carry what the gate wants to know of it."""
        if report.when == "setup":
            self._facts.note_on(report, test.item)

    def handover(self) -> dict[str, Any]:
        """Return what was collected in this worker."""
        return self._facts.collected()

    def take(self, handed: dict[str, Any]) -> None:
        """Take what was collected in a worker."""
        self._facts.reports.take(handed)

    def judge(self, run: FinishedRun) -> pytest.ExitCode | None:
        """Judge the run, or accept its figures; write the reports, and say what fails it."""
        if not self._facts.ran:
            return None
        if run.exit_status not in _JUDGED or not run.came_to_its_end:
            if self._settings.gate or self._settings.update_baseline:
                self._say("the run did not come to its end, so its figures were not judged")
            return None
        if not self._config.pluginmanager.has_plugin("dsession"):
            self._facts.reports.take(self._facts.collected())
        run_facts = self._check.run_facts(run, self._facts.reports)
        figures = self._check.figures(run, run_facts)
        judgement = self._judged(run, figures, run_facts)
        groups = group_totals(figures, run_facts.tests, self._metrics)
        problems = self._writer.write(run, judgement, groups, self._contracts)
        for problem in problems:
            self._say(problem, red=True)
        is_red = judgement is not None and self._announce(judgement, run_facts)
        return pytest.ExitCode.TESTS_FAILED if is_red or problems else None

    def section(self) -> tuple[str, Sequence[Line]] | None:
        """Return what the gate says."""
        return GATE_TITLE, self._lines

    def _judged(
        self, run: FinishedRun, figures: Mapping[str, Figures], run_facts: RunFacts
    ) -> Judgement | None:
        """Judge the run, or accept it; what cannot be read is red."""
        try:
            if self._settings.update_baseline:
                self._lines += self._check.accept(run, figures, run_facts)
            elif self._settings.gate:
                return self._check.judge(run, figures, run_facts)
        except BaselineError as error:
            advice = "restore the file, as with `git checkout`"
            return Judgement(findings=(nothing_compared(str(error), advice),))
        return None

    def _announce(self, judgement: Judgement, run_facts: RunFacts) -> bool:
        """Tell plugins and people what was found; return whether it fails the run."""
        for finding in judgement.everything():
            self._config.hook.pytest_llm_gate_verdict(config=self._config, verdict=finding)
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        failing = judgement.failing(strict=self._settings.gate_strict)
        if failing and terminal is not None:
            terminal.ensure_newline()
            if terminal._tw.width_of_current_line:  # noqa: SLF001 - with -q no file began the line
                terminal.line("")
            terminal.write("llm gate: ")
        for report in failing_reports(failing, run_facts.tests):
            self._config.hook.pytest_runtest_logreport(report=report)
        self._lines += self._writer.section(judgement, run_facts)
        return bool(failing)

    def _say(self, text: str, *, red: bool = False) -> None:
        self._lines.append(Line(text, {"red" if red else "yellow": True}))
