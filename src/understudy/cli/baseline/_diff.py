"""`understudy baseline diff`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ...gates import finding_as_json
from ._stored import baselines_of, chosen, gate_of, stored_figures

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ...gates import Judgement


def diff(arguments: argparse.Namespace) -> int:
    """Judge a stored run; 1 where the gate would be red.

    Raises:
        BaselineError: the baseline cannot be read.
        StoreError: the store cannot be read, or holds no run.
        SettingsError: it does not hold that run, or a table is wrong.
    """
    baselines = baselines_of(arguments)
    gate = gate_of(arguments, baselines)
    figures, run_facts = stored_figures(arguments, baselines, gate.metrics)
    selected = {name: figures[name] for name in chosen(figures, arguments.tests)}
    judgement = gate.judge(selected, run_facts)
    if arguments.json:
        print(json.dumps([finding_as_json(each) for each in judgement.everything()], indent=2))
    else:
        print("\n".join(_lines(judgement)))
    return int(bool(judgement.failing(strict=arguments.strict)))


def _lines(judgement: Judgement) -> Iterator[str]:
    for finding in judgement.findings:
        yield f"{finding.verdict}  {finding.subject}"
        yield f"    {finding.text}"
    yield from judgement.notes
    yield f"{judgement.compared:,} figures compared"
