"""A stored run, as the gate wants to be told of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...app import find_policy
from ...clock import utc_now
from ...errors import StoreError
from ...events import CallEvent
from ...gates import (
    Figures,
    Gate,
    RanTest,
    Repricing,
    Run,
    RunFacts,
    measure_run,
    read_past_runs,
    this_environment,
)
from ...gates.baseline import Baseline, read_baseline
from ...gates.policy import matches
from ...store import open_store
from .._selection import LATEST, selected_run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from ...gates import Metric
    from ...store import Phase
    from ...store import Run as StoredRun

PYPROJECT: Final = Path("pyproject.toml")

_PAST_RUNS: Final = Path(".understudy/baseline-runs")
_PROFILE: Final = "--llm-profile"


def gate_of(arguments: argparse.Namespace) -> Gate:
    """Return the gate of the working directory.

    Raises:
        BaselineError: the baseline cannot be read.
        SettingsError: a table is wrong.
    """
    extensions = arguments.extensions.found
    metrics, policy = find_policy(extensions, pyproject=PYPROJECT)
    return Gate(
        baseline=read_baseline(Path(arguments.baseline)),
        policy=policy,
        metrics=metrics,
        past=read_past_runs(_PAST_RUNS, this_environment().fingerprint),
        repricing=Repricing(extensions.prices, utc_now()),
    )


def stored_figures(
    arguments: argparse.Namespace, baseline: Baseline, metrics: Mapping[str, Metric]
) -> tuple[dict[str, Figures], RunFacts]:
    """Return the figures of a stored run and what is known of it.

    The store does not know what was selected, so no test counts as removed but those whose
    file is gone.

    Raises:
        StoreError: the store cannot be read, or holds no run.
        SettingsError: it does not hold that run.
    """
    with open_store(arguments.store, create=False) as store:
        run_id = selected_run(store, arguments.run_id or LATEST) if store.runs(limit=1) else None
        if run_id is None:
            msg = f"no run in {store.location}. Run `pytest --llm-telemetry` first."
            raise StoreError(msg)
        stored = next(run for run in store.runs() if run.run_id == run_id)
        calls = [each for each in store.events(run_id) if isinstance(each, CallEvent)]
        run_facts = _run_facts(stored, store.phases(run_id), baseline)
        run = Run(calls=calls, estimates=store.estimates(run_id), run_facts=run_facts)
    return measure_run(run, metrics), run_facts


def chosen(names: Iterable[str], globs: Iterable[str]) -> list[str]:
    """Return the tests that are meant, all without a glob."""
    patterns = list(globs)
    return [n for n in names if not patterns or any(matches(glob, n) for glob in patterns)]


def _run_facts(run: StoredRun, phases: Iterable[Phase], baseline: Baseline) -> RunFacts:
    tests: dict[str, RanTest] = {}
    for phase in phases:
        known = tests.get(phase.phase_id)
        if known is None or phase.rerun >= (known.rerun or 0):
            tests[phase.phase_id] = RanTest(
                node_id=phase.phase_id, outcome=phase.outcome, rerun=phase.rerun
            )
    modules = {each.module for each in baseline.tests.values() if "::" in each.subject}
    return RunFacts(
        tests={name: test for name, test in tests.items() if "::" in name},
        gone=frozenset(module for module in modules if not Path(module).exists()),
        profile=_asked(run.options or [], _PROFILE),
    )


def _asked(options: list[str], flag: str) -> str | None:
    """Return the value of an option on a command line, None where it is not there."""
    for option, following in zip(options, [*options[1:], None], strict=False):
        if option == flag:
            return following
        if option.startswith(f"{flag}="):
            return option.partition("=")[2]
    return None
