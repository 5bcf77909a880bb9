"""`understudy baseline accept`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ...clock import utc_now
from ...extensions import find_policy
from ...gates import Baselines, Figures, Metric, RanTest, RunFacts, read_benchmarks
from ...gates.baseline import Accepted, change_lines, update_by_us
from .._command import answer
from ._stored import PYPROJECT, baselines_of, chosen, stored_figures

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping


def run(arguments: argparse.Namespace) -> int:
    """Write the figures of a run into the baseline; 1 where all are refused, 2 without any."""
    baselines = baselines_of(arguments)
    metrics, _ = find_policy(arguments.extensions.found, pyproject=PYPROJECT)
    figures, run_facts = _figures(arguments, baselines, metrics)
    accepted = {name: figures[name] for name in chosen(figures, arguments.tests)}
    # Without the tests that are not meant, so that nothing of theirs is dropped.
    tests = {name: test for name, test in run_facts.tests.items() if name in accepted}
    narrowed = RunFacts(tests=tests, profile=run_facts.profile)
    update = update_by_us(Path.cwd(), reason=arguments.reason, at=utc_now())
    outcome, written = baselines.accept(accepted, narrowed, update)
    found = {
        "changes": [asdict(change) for change in outcome.changes],
        "files": [str(path) for path in written],
        "refused": outcome.refused,
    }
    answer(arguments, found, _lines(outcome, metrics))
    return int(len(outcome.refused) == len(accepted)) if accepted else 2


def _figures(
    arguments: argparse.Namespace, baselines: Baselines, metrics: Mapping[str, Metric]
) -> tuple[dict[str, Figures], RunFacts]:
    if not arguments.from_benchmark:
        return stored_figures(arguments, baselines, metrics)
    figures = read_benchmarks(Path(arguments.from_benchmark))
    return figures, RunFacts(tests={name: RanTest(node_id=name) for name in figures})


def _lines(outcome: Accepted, metrics: Mapping[str, Metric]) -> Iterator[str]:
    yield from change_lines(outcome.changes, metrics)
    for subject in outcome.refused:
        yield f"{subject}  not accepted: it did not pass"
    if not outcome.changes:
        yield "nothing changed"
