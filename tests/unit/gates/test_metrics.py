"""Metrics: ours are rows, and plugins register their own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.unit.gates.sample_gate import (
    MODULE,
    TEST,
    UPDATE,
    baseline_of,
    call,
    judge,
    run_facts,
    verdicts,
)

import understudy.gates
from understudy.errors import RegistrationError
from understudy.events import CallEvent
from understudy.gates import METRICS, RegisteredMetrics, Run, measure_run
from understudy.gates.baseline import Baseline, accepted

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


Measure = Callable[[Sequence[CallEvent]], Any]


def own(measure: Measure, **more: Any) -> RegisteredMetrics:
    """Register one metric."""
    registered = RegisteredMetrics()
    registered.register("own", measure, **more)
    return registered


def baseline_with(registered: RegisteredMetrics) -> Baseline:
    """Accept a run with it."""
    figures = measure_run(Run(calls=[call()], run_facts=run_facts()), registered.metrics)
    return Baseline(accepted(Baseline(), figures, run_facts(), UPDATE).files)


def tokens(calls: Sequence[CallEvent]) -> int:
    """Measure something."""
    return sum(each.input_tokens or 0 for each in calls)


def test_a_registered_metric_is_recorded_and_judged() -> None:
    """Beside ours."""
    registered = own(tokens, unit="pages")
    baseline = baseline_with(registered)

    judgement = judge(baseline, call(input_tokens=1200), metrics=registered.metrics)

    assert verdicts(judgement)[TEST, "own"] == "FAIL"
    finding = next(each for each in judgement.findings if each.metric == "own")
    assert finding.change == "1,000 pages -> 1,200 pages (+200 pages, +20.0 %)"


def test_higher_may_be_better() -> None:
    """Then less is the regression."""
    registered = own(tokens, direction="higher")
    baseline = baseline_with(registered)

    less = judge(baseline, call(input_tokens=900), metrics=registered.metrics)
    more = judge(baseline, call(input_tokens=1200), metrics=registered.metrics)

    assert verdicts(less)[TEST, "own"] == "FAIL"
    assert verdicts(more)[TEST, "own"] == "IMPROVED"


def test_a_timed_metric_is_kept_with_its_clock() -> None:
    """And shown, not judged, on the real one."""
    registered = own(lambda calls: calls[0].duration_ms, timed=True)
    record = baseline_with(registered).files[MODULE].records

    assert [each.of for each in record if each.metric == "own"] == ["virtual:realistic_l2"]


def test_what_is_no_number_fails() -> None:
    """Not passes, as every comparison with it is false."""
    baseline = baseline_with(own(lambda _: 1.5))

    judgement = judge(baseline, call(), metrics=own(lambda _: float("nan")).metrics)

    assert verdicts(judgement) == {(TEST, "own"): "FAIL"}
    assert judgement.findings[0].change == "1.5 -> nan"
    assert judgement.findings[0].reason == "it is no number"


def test_what_was_never_a_number_fails_too() -> None:
    """The baseline holds no line of it; without one it is still no number."""
    judgement = judge(baseline_of(call()), call(), metrics=own(lambda _: float("nan")).metrics)

    assert verdicts(judgement) == {(TEST, "own"): "FAIL"}
    assert judgement.findings[0].change == "none -> nan"


def test_a_metric_that_never_gave_a_figure_is_said() -> None:
    """No baseline misses it, so a note does."""
    judgement = judge(baseline_of(call()), call(), metrics=own(lambda _: None).metrics)

    assert judgement.failing() == []
    assert "own unknown in 1 test: the metric gave None" in judgement.notes


@pytest.mark.parametrize(
    ("measure", "why"),
    [
        (lambda _: None, "the metric gave None"),
        (lambda _: "7", "the metric gave '7'"),
        (lambda calls: calls[9], "the metric raised IndexError: list index out of range"),
    ],
)
def test_a_metric_without_a_number_is_missing(measure: Measure, why: str) -> None:
    """It says why."""
    baseline = baseline_with(own(tokens))

    judgement = judge(baseline, call(), metrics=own(measure).metrics)

    assert verdicts(judgement) == {(TEST, "own"): "MISSING"}
    assert judgement.findings[0].reason == why


def test_a_metric_that_is_no_longer_registered_is_no_matter() -> None:
    """Its lines stay until the next update."""
    assert not judge(baseline_with(own(tokens)), call()).failing()


@pytest.mark.parametrize(
    ("name", "measure", "more"),
    [
        ("cost", tokens, {}),
        ("two words", tokens, {}),
        ("own", 7, {}),
        ("own", tokens, {"direction": "up"}),
    ],
)
def test_what_cannot_be_used_is_refused(name: str, measure: Any, more: dict[str, Any]) -> None:
    """While registering."""
    with pytest.raises(RegistrationError, match="register_metrics"):
        RegisteredMetrics().register(name, measure, **more)


def test_a_name_is_registered_once() -> None:
    """Two of them would be judged by chance."""
    registered = own(tokens)

    with pytest.raises(RegistrationError, match="'own' is taken"):
        registered.register("own", tokens)
