"""Allowances, ceilings, budgets; of tests and of groups of tests."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.gates.sample_gate import (
    MODULE,
    OTHER,
    TEST,
    baseline_of,
    call,
    estimate,
    judge,
    run_facts,
    verdicts,
)

from understudy.gates import METRICS, RanTest
from understudy.gates.baseline import Baseline
from understudy.gates.policy import Policy, read_gates, read_rules


def policy(**table: Any) -> Policy:
    """Read a policy."""
    return read_gates(table, METRICS, where="pyproject.toml")


def test_an_allowance_lets_a_figure_be_a_little_worse() -> None:
    """Up to and with the allowance."""
    allowed = policy(input_tokens="+10%", cost="+10%")

    judgement = judge(baseline_of(call()), call(input_tokens=1100), policy=allowed)

    assert judgement.findings == ()
    assert "input_tokens" in judgement.passed[TEST]


def test_a_figure_beyond_its_allowance_fails_with_it() -> None:
    """The reason says what was allowed."""
    judgement = judge(
        baseline_of(call()), call(input_tokens=1101), policy=policy(input_tokens=100, cost="off")
    )

    assert verdicts(judgement) == {(TEST, "input_tokens"): "FAIL"}
    assert "100 allowed" in judgement.findings[0].reason


def test_a_marker_s_rule_holds_for_its_test() -> None:
    """And for no other."""
    rules = read_rules({"input_tokens": "+50%", "cost": "off"}, METRICS, where="llm_gate")
    ran = run_facts(RanTest(node_id=TEST, rules=rules), OTHER)
    baseline = baseline_of(call(), call(OTHER))

    judgement = judge(baseline, call(input_tokens=1500), call(OTHER, input_tokens=1500), ran=ran)

    assert verdicts(judgement) == {(OTHER, "input_tokens"): "FAIL", (OTHER, "cost"): "FAIL"}


def test_a_metric_that_is_off_by_default_is_judged_where_it_is_named() -> None:
    """Cache reads are cost's business otherwise."""
    baseline, now = baseline_of(call()), call(cache_read_tokens=10)

    assert not judge(baseline, now, policy=policy(cost="off")).failing()
    assert verdicts(judge(baseline, now, policy=policy(cache_read_tokens=True))) == {
        (TEST, "cache_read_tokens"): "FAIL"
    }


def test_zero_to_something_is_a_regression() -> None:
    """No share of nothing is enough."""
    judgement = judge(
        baseline_of(call()), call(reasoning_tokens=1), policy=policy(reasoning_tokens="+50%")
    )

    assert verdicts(judgement) == {(TEST, "reasoning_tokens"): "FAIL"}
    assert judgement.findings[0].change == "0 tokens -> 1 tokens (+1 tokens)"


@pytest.mark.parametrize(
    ("table", "note"),
    [
        (
            {"tests": {"tests/test_bots.py::*": {"cost": 9}}},
            "'tests/test_bots.py::*' in [tool.understudy.gates.tests] fits nothing; "
            f"nearest is {TEST!r}",
        ),
        (
            {"groups": {"model:chaep": {"cost": 9}}},
            "'model:chaep' in [tool.understudy.gates.groups] fits nothing; "
            "nearest is 'model:openai/cheap'",
        ),
        ({"tests": {"*": {"cost": 9}}, "groups": {"module:*": {"cost": 9}}}, None),
    ],
)
def test_a_part_that_fits_nothing_is_said(table: dict[str, Any], note: str | None) -> None:
    """Where the whole of the baseline ran: a selection leaves tests out."""
    baseline, limits = baseline_of(call()), policy(**table)

    whole = judge(baseline, call(), policy=limits)
    selected = judge(baseline, call(), policy=limits, ran=run_facts(TEST, complete=frozenset()))
    first = judge(Baseline(), call(), policy=limits)

    assert whole.notes == (() if note is None else (note,))
    assert (selected.notes, first.notes) == ((), ())


def test_a_glob_may_fit_a_new_fixture() -> None:
    """Fixtures of wider scope are judged like tests."""
    limits = policy(tests={"fixture:wide": {"cost": 9}})

    judgement = judge(baseline_of(call()), call(), call("fixture:wide"), policy=limits)

    assert judgement.notes == ()


@pytest.mark.parametrize(("tokens", "verdict"), [(1000, None), (1001, "FAIL")])
def test_a_ceiling_needs_no_baseline(tokens: int, verdict: str | None) -> None:
    """It is judged for a new test too."""
    judgement = judge(
        baseline_of(call()),
        call(),
        call(OTHER, input_tokens=tokens),
        policy=policy(input_tokens={"max": 1000}),
    )

    assert verdicts(judgement).get((OTHER, "input_tokens")) == verdict


def test_what_is_unknown_under_a_ceiling_fails() -> None:
    """It cannot be judged, and does not pass."""
    judgement = judge(
        baseline_of(call()),
        call(),
        call(OTHER, request_model="nobody-prices-this"),
        policy=policy(cost={"max": 1}),
    )

    assert verdicts(judgement)[OTHER, "cost"] == "FAIL"
    assert "cannot be judged: no price" in judgement.findings[0].reason


def test_a_ceiling_of_a_figure_that_a_test_has_not_is_no_matter() -> None:
    """It predicted nothing; nor is the machine's own latency judged."""
    now = call(clock="real")
    before = baseline_of(now)

    judgement = judge(before, now, policy=policy(smape={"max": 1}, duration={"max": 1}))

    assert judgement.failing() == []


def test_a_ceiling_that_is_switched_off_is_not_judged() -> None:
    """Off is off."""
    rule = {"max": 1, "gate": False}

    assert not judge(baseline_of(call()), call(), policy=policy(input_tokens=rule)).findings


def test_a_budget_is_for_all_tests_of_a_glob_together() -> None:
    """`run` for those of the table itself."""
    limits = policy(
        input_tokens={"budget": 1999}, tests={"*refund": {"output_tokens": {"budget": 100}}}
    )
    calls = call(), call(OTHER)

    judgement = judge(baseline_of(*calls), *calls, policy=limits)

    assert verdicts(judgement) == {("run", "input_tokens"): "FAIL"}
    assert (
        judgement.findings[0].text == "input_tokens 2,000 tokens: over its budget of 1,999 tokens"
    )


def test_a_budget_that_cannot_be_added_up_fails() -> None:
    """One test without a price is enough."""
    calls = call(), call(OTHER, request_model="nobody-prices-this")

    judgement = judge(baseline_of(*calls), *calls, policy=policy(cost={"budget": 1}))

    assert verdicts(judgement) == {("run", "cost"): "FAIL"}
    assert OTHER in judgement.findings[0].reason


@pytest.mark.parametrize(
    "group",
    ["run", f"module:{MODULE}", "module:tests/*", "marker:slow", "model:openai/cheap", "model:*"],
)
def test_a_group_is_held_against_the_same_tests_of_the_baseline(group: str) -> None:
    """What one test may, all together may not."""
    ran = run_facts(*[RanTest(node_id=test, markers=("slow", "slow")) for test in (TEST, OTHER)])
    limits = policy(input_tokens="+50%", cost="off", groups={group: {"input_tokens": "+1%"}})
    baseline = baseline_of(call(), call(OTHER))

    judgement = judge(baseline, call(input_tokens=1100), call(OTHER), ran=ran, policy=limits)

    (finding,) = judgement.findings
    assert finding.change == "2,000 tokens -> 2,100 tokens (+100 tokens, +5.0 %)"
    assert finding.reason == "of 2 tests together"


def test_a_group_within_its_limits_says_nothing() -> None:
    """Nor does one that nobody belongs to."""
    limits = policy(
        groups={
            "run": {"input_tokens": {"allow": "+1%", "max": 1000, "budget": 1000}},
            "marker:none": {"calls": 0},
            f"module:{MODULE}": {"smape": "+1pp"},
        }
    )

    assert not judge(baseline_of(call()), call(), policy=limits).findings


def test_a_group_has_a_ceiling_and_a_budget_too() -> None:
    """Of the sum over all its tests, new ones with it."""
    limits = policy(groups={"run": {"calls": {"max": 1}, "output_tokens": {"budget": 100}}})

    judgement = judge(baseline_of(call()), call(), call(OTHER), policy=limits)

    assert {key: v for key, v in verdicts(judgement).items() if key[0] == "run"} == {
        ("run", "calls"): "FAIL",
        ("run", "output_tokens"): "FAIL",
    } or len(judgement.failing()) == 2


def test_smape_of_a_group_is_the_mean_over_its_predictions() -> None:
    """A test with more predictions weighs more; the longest wait is that of the group."""
    one, two, three = call(), call(OTHER), call(OTHER)
    before = [estimate(one, 100), estimate(two, 100), estimate(three, 100)]
    baseline = baseline_of(one, two, three, estimates=before)
    limits = policy(
        smape="+200pp",
        groups={"run": {"smape": "+10pp", "ttfc": 0, "ms_per_token": 0}},
    )
    now = [estimate(one, 100), estimate(two, 150), estimate(three, 150)]

    judgement = judge(baseline, one, two, three, estimates=now, policy=limits)

    (finding,) = judgement.findings
    assert (finding.subject, finding.metric) == ("run", "smape")
    assert finding.now == round(400_000 * 2 / 3)
