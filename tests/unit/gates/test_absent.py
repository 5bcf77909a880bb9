"""No figure goes missing in silence."""

from __future__ import annotations

import pytest
from tests.unit.gates.sample_gate import (
    MODULE,
    OTHER,
    TEST,
    baseline_of,
    call,
    judge,
    run_facts,
    verdicts,
)

from understudy.gates import RanTest, RunFacts
from understudy.gates.baseline import Baseline


def test_without_a_baseline_the_run_is_red() -> None:
    """And told how to make one; what it could have been compared with is new."""
    judgement = judge(Baseline(), call())

    assert verdicts(judgement) == {("run", None): "NO_COMPARISON", (TEST, None): "NEW"}
    assert "there is no baseline, or it is empty" in judgement.findings[0].reason
    assert "--llm-update-baseline" in judgement.findings[0].advice
    assert judgement.failing()


def test_without_a_call_the_run_is_red() -> None:
    """Telemetry off, all deselected, nothing recorded: nothing was compared."""
    judgement = judge(baseline_of(call()), ran=RunFacts())

    assert verdicts(judgement) == {("run", None): "NO_COMPARISON"}
    assert "no test made an LLM call" in judgement.findings[0].reason


def test_a_run_of_new_tests_alone_is_red() -> None:
    """The tests of the baseline were not selected."""
    judgement = judge(baseline_of(call()), call(OTHER), ran=run_facts(OTHER, complete=frozenset()))

    assert verdicts(judgement) == {("run", None): "NO_COMPARISON", (OTHER, None): "NEW"}


def test_a_run_of_failed_tests_alone_is_yellow_as_it_is_red_by_itself() -> None:
    """No second failure for what failed already."""
    failed = RanTest(node_id=TEST, outcome="failed")

    judgement = judge(baseline_of(call()), call(input_tokens=9000), ran=run_facts(failed))

    assert verdicts(judgement) == {(TEST, None): "INCONCLUSIVE"}
    assert "the test failed" in judgement.findings[0].reason


def test_a_new_test_that_failed_alone_is_no_comparison() -> None:
    """There is nothing to hold it against."""
    failed = RanTest(node_id=OTHER, outcome="error")

    judgement = judge(baseline_of(call()), call(OTHER), ran=run_facts(failed, complete=frozenset()))

    assert "no test that made an LLM call passed" in judgement.findings[0].reason


def test_a_new_test_is_green_and_said() -> None:
    """NEW, with how to take it in."""
    judgement = judge(baseline_of(call()), call(), call(OTHER))

    assert verdicts(judgement) == {(OTHER, None): "NEW"}
    assert judgement.failing(strict=True) == []


def test_a_removed_test_is_missing_where_its_module_was_collected_whole() -> None:
    """Otherwise a test that nobody runs would pass."""
    judgement = judge(baseline_of(call(), call(OTHER)), call())

    assert verdicts(judgement) == {(OTHER, None): "MISSING"}
    assert judgement.findings[0].reason == f"in the baseline, and {MODULE} no longer holds it"


def test_a_deselected_test_is_not_missing() -> None:
    """With -k the others are nobody's business."""
    baseline = baseline_of(call(), call(OTHER))

    judgement = judge(baseline, call(), ran=run_facts(TEST, complete=frozenset()))

    assert judgement.findings == ()
    assert judgement.notes == ("1 test of the baseline did not run",)


def test_a_module_that_is_gone_is_missing_whatever_was_selected() -> None:
    """Its file is not there any more."""
    baseline = baseline_of(call(), call("tests/test_old.py::test_a"))

    judgement = judge(
        baseline, call(), ran=run_facts(complete=frozenset(), gone=frozenset({"tests/test_old.py"}))
    )

    assert verdicts(judgement) == {("tests/test_old.py::test_a", None): "MISSING"}
    assert "tests/test_old.py is no longer there" in judgement.findings[0].reason


def test_a_renamed_test_is_missing_with_a_hint_at_its_new_name() -> None:
    """What does the same calls is likely to be the same test."""
    odd = call(f"{MODULE}::test_refund_twice", input_tokens=7)
    renamed = call(f"{MODULE}::test_refunds")

    judgement = judge(baseline_of(call(), call(OTHER)), renamed, odd, call(OTHER))

    missing = judgement.findings[0]
    assert str(missing.verdict) == "MISSING"
    assert f"renamed to {MODULE}::test_refunds?" in missing.reason


@pytest.mark.parametrize("outcome", ["skipped", "xfailed"])
def test_a_skipped_test_is_missing_with_its_reason(outcome: str) -> None:
    """A gate that measured nothing does not pass."""
    skipped = RanTest(node_id=OTHER, outcome=outcome, remark="no key")

    judgement = judge(baseline_of(call(), call(OTHER)), call(), ran=run_facts(TEST, skipped))

    assert verdicts(judgement) == {(OTHER, None): "MISSING"}
    assert f"it was {outcome} (no key)" in judgement.findings[0].reason


def test_a_test_without_its_calls_is_missing() -> None:
    """It passed, and asked no model."""
    judgement = judge(baseline_of(call(), call(OTHER)), call(), ran=run_facts(TEST, OTHER))

    assert verdicts(judgement) == {(OTHER, None): "MISSING"}
    assert "it made no LLM call" in judgement.findings[0].reason


def test_a_figure_that_became_unknown_is_missing() -> None:
    """No price for the model: unknown is not cheaper."""
    judgement = judge(baseline_of(call()), call(request_model="nobody-prices-this"))

    assert verdicts(judgement) == {(TEST, "cost"): "MISSING"}
    assert judgement.findings[0].reason == "no price for nobody-prices-this"
    assert judgement.findings[0].change == "$0.0012 -> unknown"


def test_a_figure_that_was_unknown_is_new() -> None:
    """Figures without a baseline are named together."""
    before = call(reasoning_tokens=None, request_model="nobody-prices-this")

    judgement = judge(baseline_of(before), call(request_model="nobody-prices-this"))

    assert verdicts(judgement) == {(TEST, "reasoning_tokens"): "NEW"}
    assert "cost unknown in 1 test: no price for nobody-prices-this" in judgement.notes


def test_a_fixture_is_missing_only_where_the_whole_suite_ran() -> None:
    """With -k its tests may not have been selected."""
    baseline = baseline_of(call(), call("fixture:client"))

    selected = judge(baseline, call(), ran=run_facts(complete=frozenset()))
    whole = judge(baseline, call(), ran=run_facts())

    assert selected.findings == ()
    assert verdicts(whole) == {("fixture:client", None): "MISSING"}
