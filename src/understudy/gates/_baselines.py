"""Where the figures of the past stand, and a gate that holds others against them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from ..durable import state_folder
from ._cost_split import Repricing
from ._gate import Gate
from ._past_runs import append_past_run, past_run, read_past_runs, this_environment
from .baseline import Accepted, Baseline, Update, accepted, read_baseline, write_baseline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from ..pricing import PriceBook
    from ._metric import Figures, Metric
    from ._run import RunFacts
    from .policy import Policy

_PAST_RUNS: Final = "baseline-runs"


class Baselines:
    """The reviewed figures in `folder`, and those of this machine's runs with live calls.

    The latter stand below `root`, in the state folder. Each is read once.
    """

    def __init__(self, folder: Path, *, root: Path) -> None:
        self.folder = folder
        self.past_folder = state_folder(root) / _PAST_RUNS
        self._root = root

    @cached_property
    def reviewed(self) -> Baseline:
        """The figures that people accepted.

        Raises:
            BaselineError: a file is damaged or none of ours.
        """
        return read_baseline(self.folder)

    def gone(self) -> frozenset[str]:
        """Return the modules of the baseline whose files are no longer there.

        Raises:
            BaselineError: as for `reviewed`.
        """
        tests = self.reviewed.tests.values()
        modules = {each.module for each in tests if "::" in each.subject}
        return frozenset(module for module in modules if not (self._root / module).exists())

    def gate(
        self, *, metrics: Mapping[str, Metric], policy: Policy, prices: PriceBook, at: datetime
    ) -> Gate:
        """Return the gate of these figures; costs are priced anew as of `at`.

        Raises:
            BaselineError: the baseline, or the file of past runs, cannot be read.
        """
        return Gate(
            baseline=self.reviewed,
            policy=policy,
            metrics=metrics,
            past=read_past_runs(self.past_folder, this_environment().fingerprint),
            repricing=Repricing(prices, at),
        )

    def accept(
        self, figures: Mapping[str, Figures], run_facts: RunFacts, update: Update
    ) -> tuple[Accepted, list[Path]]:
        """Write the exact figures of a run; return what that changed, and in which files.

        Raises:
            BaselineError: the baseline cannot be read or written.
        """
        outcome = accepted(self.reviewed, figures, run_facts, update)
        return outcome, write_baseline(self.folder, outcome.files)

    def add_run(self, figures: Mapping[str, Figures], run_id: str, update: Update) -> bool:
        """Add the live figures of a run to those of this machine; False where it has none.

        Raises:
            BaselineError: the file is damaged, or cannot be written.
        """
        run = past_run(
            figures, run_id=run_id, date=update.date, commit=update.commit, reason=update.reason
        )
        if run is not None:
            append_past_run(self.past_folder, this_environment().fingerprint, run)
        return run is not None
