"""Brings figures, baseline and policy together: to judge a run, or to accept its figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ....clock import utc_now
from ....errors import counted
from ....gates import BaselineError, Baselines, Run, measure_run
from ....gates.baseline import Accepted, Baseline, change_lines, update_by_us
from ....reports import Line
from ._reruns import Reruns, spent_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ....gates import Figures, Judgement, Metric, RunFacts
    from ....gates.policy import Policy
    from ..._context import RunContext
    from ...run import FinishedRun
    from ._report_facts import ReportFacts


class BaselineCheck:
    """Holds what was merged at the end of a run against the baseline, which is read once."""

    def __init__(
        self, context: RunContext, *, metrics: Mapping[str, Metric], policy: Policy
    ) -> None:
        self._config = context.config
        self._settings = context.settings
        self._metrics = metrics
        self._policy = policy
        self._baselines = Baselines(Path(context.settings.baseline), root=context.root)
        self._failure: BaselineError | None = None

    def run_facts(self, run: FinishedRun, reports: ReportFacts) -> RunFacts:
        """Return what is known of the run; with a baseline that cannot be read, less of it."""
        baseline, gone = Baseline(), frozenset[str]()
        try:
            baseline, gone = self._baselines.reviewed, self._baselines.gone()
        except BaselineError as error:
            self._failure = error
        return reports.run_facts(run.phases, self._settings, baseline=baseline, gone=gone)

    def figures(self, run: FinishedRun, run_facts: RunFacts) -> dict[str, Figures]:
        """Return the figures of the run."""
        whole = Run(
            calls=run.calls,
            estimates=run.estimates,
            lifecycle=run.lifecycle,
            run_facts=run_facts,
        )
        return measure_run(whole, self._metrics)

    def judge(
        self, run: FinishedRun, figures: Mapping[str, Figures], run_facts: RunFacts
    ) -> Judgement:
        """Judge the run; flagged tests are run again first.

        Raises:
            BaselineError: the baseline, or the file of past runs, cannot be read.
        """
        self._refuse_what_cannot_be_read()
        gate = self._baselines.gate(
            metrics=self._metrics, policy=self._policy, prices=run.prices, at=utc_now()
        )
        judgement = gate.judge(figures, run_facts)
        reruns = Reruns(self._config, self._settings, run.prices, self._metrics)
        if not (judgement.flagged and reruns.number):
            return judgement
        confirm = tuple(reruns.samples(judgement.flagged, spent_on(run.calls)))
        return replace(gate, confirm=confirm).judge(figures, run_facts)

    def accept(
        self, run: FinishedRun, figures: Mapping[str, Figures], run_facts: RunFacts
    ) -> list[Line]:
        """Write the figures of the tests that ran; return what changed, for the terminal.

        Live figures are added to the runs of this machine, of a green run only.

        Raises:
            BaselineError: the baseline cannot be read or written.
        """
        self._refuse_what_cannot_be_read()
        baselines, reason = self._baselines, self._settings.reason or ""
        update = update_by_us(self._config.rootpath, reason=reason, at=utc_now())
        outcome, written = baselines.accept(figures, run_facts, update)
        lines = [Line(text) for text in change_lines(outcome.changes, self._metrics)]
        lines += [Line(text, {"yellow": True}) for text in _besides(outcome, figures)]
        figures_changed = len({(each.subject, each.metric) for each in outcome.changes})
        changed = f"{counted(figures_changed, 'figure')} in {counted(len(written), 'file')}"
        lines.append(Line(f"baseline {baselines.folder}: {changed} changed ({update.reason})"))
        if not run.exit_status and baselines.add_run(figures, run.run_id, update):
            added = f"baseline {baselines.past_folder}: added the live calls of this run"
            lines.append(Line(added))
        return lines

    def _refuse_what_cannot_be_read(self) -> None:
        if self._failure is not None:
            raise self._failure


def _besides(outcome: Accepted, figures: Mapping[str, Figures]) -> Iterator[str]:
    if not figures:
        yield "nothing was accepted: no test made an LLM call that was recorded"
    for subject in outcome.refused:
        yield f"{subject}  not accepted: it did not pass"
