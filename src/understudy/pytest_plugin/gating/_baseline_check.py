"""Brings figures, baseline and policy together; runs again what looks worse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...clock import utc_now
from ...durable import state_folder
from ...gates import (
    BaselineError,
    Gate,
    PastRuns,
    Repricing,
    Run,
    RunFacts,
    measure_run,
    read_past_runs,
    this_environment,
)
from ...gates.baseline import Baseline, read_baseline
from ..run._summary import calls_of
from ._reruns import Reruns, spent_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from ...events import CallEvent
    from ...gates import Figures, Judgement, Metric
    from ...gates.policy import Policy
    from ...settings import Settings
    from ..run import FinishedRun
    from ._report_facts import ReportFacts

_PAST_RUNS: Final = "baseline-runs"


class BaselineCheck:
    """Judges what was merged at the end of a run."""

    def __init__(
        self,
        config: pytest.Config,
        settings: Settings,
        end: FinishedRun,
        *,
        metrics: Mapping[str, Metric],
        policy: Policy,
    ) -> None:
        self._config = config
        self._settings = settings
        self._end = end
        self._policy = policy
        self.metrics = metrics

    @property
    def folder(self) -> Path:
        """The folder of the baseline."""
        return Path(self._settings.baseline)

    @property
    def past_folder(self) -> Path:
        """The folder of the runs with live calls."""
        return state_folder(self._config.rootpath) / _PAST_RUNS

    @property
    def run_id(self) -> str:
        """The run that is judged."""
        return self._end.run_id

    def run_facts(self, report_facts: ReportFacts) -> RunFacts:
        """Return what is known of the run; with a baseline that cannot be read, less of it."""
        try:
            baseline = read_baseline(self.folder)
        except BaselineError:
            baseline = Baseline()
        modules = {each.module for each in baseline.tests.values() if "::" in each.subject}
        merged = self._end.merged
        phases = () if merged is None else merged.phases
        return report_facts.run_facts(
            [phase for phase in phases if phase.run_id == self.run_id],
            self.metrics,
            self._settings,
            known=baseline.tests,
            gone=frozenset(
                module for module in modules if not (self._config.rootpath / module).exists()
            ),
        )

    def calls(self) -> list[CallEvent]:
        """Return the calls of this run."""
        merged = self._end.merged
        return [] if merged is None else calls_of(merged, self.run_id)

    def figures(self, run_facts: RunFacts) -> dict[str, Figures]:
        """Return the figures of the run."""
        merged = self._end.merged
        estimates = () if merged is None else merged.estimates
        own = [each for each in estimates if each.run_id == self.run_id]
        return measure_run(
            Run(calls=self.calls(), estimates=own, run_facts=run_facts), self.metrics
        )

    def judge(self, figures: Mapping[str, Figures], run_facts: RunFacts) -> Judgement:
        """Judge the run; flagged tests are run again first.

        Raises:
            BaselineError: the baseline, or the file of past runs, cannot be read.
        """
        gate = Gate(
            baseline=read_baseline(self.folder),
            policy=self._policy,
            metrics=self.metrics,
            past=self._past(),
            repricing=Repricing(self._end.prices, utc_now()),
        )
        judgement = gate.judge(figures, run_facts)
        reruns = Reruns(self._config, self._settings, self._end.prices, self.metrics)
        if not (judgement.flagged and reruns.number):
            return judgement
        confirm = tuple(reruns.samples(judgement.flagged, spent_on(self.calls())))
        return replace(gate, confirm=confirm).judge(figures, run_facts)

    def _past(self) -> PastRuns:
        return read_past_runs(self.past_folder, this_environment().fingerprint)
