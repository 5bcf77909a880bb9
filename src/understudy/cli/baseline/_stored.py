"""A stored run, as the gate wants to be told of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...clock import utc_now
from ...events import CallEvent
from ...extensions import find_policy
from ...gates import Baselines, Figures, Gate, Metric, Run, RunFacts, measure_run, ran_tests
from ...gates.policy import matches
from ...store import open_store
from .._selection import stored_run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping


PYPROJECT: Final = Path("pyproject.toml")


def baselines_of(arguments: argparse.Namespace) -> Baselines:
    """Return the baseline that is meant, and the past runs of the working directory."""
    return Baselines(Path(arguments.baseline), root=Path())


def gate_of(arguments: argparse.Namespace, baselines: Baselines) -> Gate:
    """Return the gate of the working directory."""
    extensions = arguments.extensions.found
    metrics, policy = find_policy(extensions, pyproject=PYPROJECT)
    return baselines.gate(metrics=metrics, policy=policy, prices=extensions.prices, at=utc_now())


def stored_figures(
    arguments: argparse.Namespace, baselines: Baselines, metrics: Mapping[str, Metric]
) -> tuple[dict[str, Figures], RunFacts]:
    """Return the figures of a stored run and what is known of it.

    The store does not know what was selected, so no test counts as removed but those whose
    file is gone.
    """
    with open_store(arguments.store, create=False) as store:
        stored = stored_run(store, arguments.run_id)
        calls = [each for each in store.events(stored.run_id) if isinstance(each, CallEvent)]
        run_facts = RunFacts(
            tests=ran_tests(store.phases(stored.run_id)),
            gone=baselines.gone(),
            profile=_asked(stored.options or [], "--llm-profile"),
        )
        run = Run(
            calls=calls,
            estimates=store.estimates(stored.run_id),
            lifecycle=store.lifecycle(stored.run_id),
            run_facts=run_facts,
        )
    return measure_run(run, metrics), run_facts


def chosen(names: Iterable[str], globs: Iterable[str]) -> list[str]:
    """Return the tests that are meant, all without a glob."""
    patterns = list(globs)
    return [n for n in names if not patterns or any(matches(glob, n) for glob in patterns)]


def _asked(options: list[str], flag: str) -> str | None:
    """Return the value of an option on a command line, None where it is not there."""
    for option, following in zip(options, [*options[1:], None], strict=False):
        if option == flag:
            return following
        if option.startswith(f"{flag}="):
            return option.partition("=")[2]
    return None
