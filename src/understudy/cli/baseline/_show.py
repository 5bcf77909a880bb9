"""`understudy baseline show`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...clock import utc_now
from ...durable import write_atomically
from ...errors import StoreError
from ...gates import METRICS, as_benchmarks, written
from ...gates.baseline import Baseline, Recorded, read_baseline
from .._command import answer
from ._stored import chosen

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator


def run(arguments: argparse.Namespace) -> int:
    """Print the figures of the baseline; 2 where there are none."""
    baseline = read_baseline(Path(arguments.baseline))
    recorded = [baseline.tests[name] for name in chosen(sorted(baseline.tests), arguments.tests)]
    if arguments.benchmark_json:
        _write(Path(arguments.benchmark_json), recorded)
    lines = list(_lines(recorded, baseline)) or [f"no figures in {arguments.baseline}"]
    answer(arguments, [_as_json(each, baseline) for each in recorded], lines)
    return 0 if recorded else 2


def _write(path: Path, recorded: Iterable[Recorded]) -> None:
    document = as_benchmarks(recorded, at=utc_now().isoformat())
    try:
        write_atomically(path.absolute(), json.dumps(document, indent=2) + "\n")
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise StoreError(msg) from error


def _lines(recorded: Iterable[Recorded], baseline: Baseline) -> Iterator[str]:
    for each in recorded:
        yield each.subject
        for name, value in each.values.items():
            yield f"  {name:<20}{_figure(name, value)}"
        for how, timed in sorted(each.timed.items()):
            yield from (f"  {n:<20}{_figure(n, value)}  ({how})" for n, value in timed.items())
        update = baseline.update_of(each)
        if update is not None:
            who = f"{update.author}, {update.date}, on {update.commit[:12]}"
            yield f"  {'accepted':<20}{update.reason} ({who})"


def _figure(name: str, value: float) -> str:
    metric = METRICS.get(name)
    return str(value) if metric is None else written(value, metric)


def _as_json(recorded: Recorded, baseline: Baseline) -> dict[str, Any]:
    update = baseline.update_of(recorded)
    return {
        "test": recorded.subject,
        "values": recorded.values,
        "timed": recorded.timed,
        "models": recorded.models,
        "update": None if update is None else asdict(update),
    }
