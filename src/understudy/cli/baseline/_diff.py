"""`understudy baseline diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import counted, printable
from ...gates import Judgement, finding_as_json
from .._command import answer
from ._stored import baselines_of, chosen, gate_of, stored_figures

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def run(arguments: argparse.Namespace) -> int:
    """Judge a stored run; 1 where the gate would be red."""
    baselines = baselines_of(arguments)
    gate = gate_of(arguments, baselines)
    figures, run_facts = stored_figures(arguments, baselines, gate.metrics)
    selected = {name: figures[name] for name in chosen(figures, arguments.tests)}
    judgement = gate.judge(selected, run_facts)
    found = [finding_as_json(each) for each in judgement.everything()]
    answer(arguments, found, _lines(judgement))
    return int(bool(judgement.failing(strict=arguments.strict)))


def _lines(judgement: Judgement) -> Iterator[str]:
    for finding in judgement.findings:
        yield f"{finding.verdict}  {finding.subject}"
        yield f"    {finding.text}"
    yield from map(printable, judgement.notes)
    yield f"{counted(judgement.compared, 'figure')} compared"
