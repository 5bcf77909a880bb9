"""A metric is its row: its family, its unit, its words."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.unit.gates.sample_gate import baseline_of, call, judge

import understudy.gates
from understudy.gates import METRICS

#: What measures them, names families, prices them anew, and writes another tool's format.
_KNOW_THEM = {"_metrics.py", "_metric.py", "_cost_split.py", "_benchmark_json.py"}


def test_no_rule_asks_for_a_metric_by_name() -> None:
    """A new metric is one row: rules ask its family."""
    folder = Path(understudy.gates.__file__).parent
    asking = [
        f"{path.name}:{node.lineno} {node.value!r}"
        for path in folder.rglob("*.py")
        if path.name not in _KNOW_THEM
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in METRICS
    ]

    assert asking == []


def test_a_metric_explains_its_figure() -> None:
    """Attempts say how many of them were retries."""
    first = call(call_id="a")
    retried = [call(call_id="a", status="error", http_status=500), call(call_id="a", attempt=2)]

    findings = judge(baseline_of(first), *retried).findings

    assert [each.reason.partition(";")[0] for each in findings if each.metric == "attempts"] == [
        "1 of them retries"
    ]
