"""The five ways to regress, each named as what it is; and the run that did not change."""

from __future__ import annotations

from tests.unit.gates.sample_gate import (
    TEST,
    baseline_of,
    call,
    estimate,
    judge,
    prices,
    verdicts,
)

from understudy.gates import Kind, Verdict


def test_an_unchanged_run_passes() -> None:
    """Nothing is found, and something was compared."""
    judgement = judge(baseline_of(call()), call())

    assert judgement.findings == ()
    assert "cost" in judgement.passed[TEST]
    assert judgement.compared > 5


def test_a_longer_prompt_fails_by_its_tokens_and_the_quantity() -> None:
    """10 % more input tokens, and what they cost."""
    judgement = judge(baseline_of(call()), call(input_tokens=1100))

    tokens, cost = sorted(judgement.findings, key=lambda each: each.metric != "input_tokens")
    assert verdicts(judgement) == {(TEST, "input_tokens"): "FAIL", (TEST, "cost"): "FAIL"}
    assert tokens.change == "1,000 tokens -> 1,100 tokens (+100 tokens, +10.0 %)"
    assert tokens.kind is Kind.EXACT
    assert "$0.0001 by a larger quantity" in cost.reason
    assert "dearer" not in cost.reason


def test_a_dearer_model_fails_by_the_model() -> None:
    """The tokens are the same, so only the cost fails."""
    judgement = judge(baseline_of(call()), call(request_model="dear"))

    assert verdicts(judgement) == {(TEST, "cost"): "FAIL"}
    assert judgement.findings[0].reason == "$0.0108 by a dearer model"


def test_one_more_retry_fails_by_the_attempts() -> None:
    """A failed attempt costs nothing, and takes its time."""
    refused = call(
        status="error",
        http_status=429,
        duration_ms=5.0,
        ttfc_ms=None,
        input_tokens=None,
        output_tokens=None,
        cache_read_tokens=None,
        cache_write_tokens=None,
        reasoning_tokens=None,
    )
    retried = call(call_id=refused.call_id, attempt=2)

    judgement = judge(baseline_of(call()), refused, retried)

    assert verdicts(judgement) == {(TEST, "attempts"): "FAIL", (TEST, "duration"): "FAIL"}
    attempts = next(each for each in judgement.findings if each.metric == "attempts")
    assert attempts.change == "1 -> 2 (+1, +100.0 %)"
    assert attempts.reason.startswith("1 of them retries")


def test_a_slower_profile_fails_by_the_latency() -> None:
    """The profile's name is in the reason."""
    slower = call(profile="slow", ttfc_ms=3000.0, duration_ms=8000.0)

    judgement = judge(baseline_of(call()), slower)

    assert verdicts(judgement) == {(TEST, "ttfc"): "FAIL", (TEST, "duration"): "FAIL"}
    assert "its profile was realistic_l2, now slow" in judgement.findings[0].reason


def test_the_same_profile_made_slower_fails_by_the_latency() -> None:
    """What the profile does is judged, not only what it is called."""
    judgement = judge(baseline_of(call()), call(ttfc_ms=301.0))

    assert verdicts(judgement) == {(TEST, "ttfc"): "FAIL"}
    assert judgement.findings[0].change == "300 ms -> 301 ms (+1 ms, +0.3 %)"


def test_a_worse_estimator_fails_by_smape() -> None:
    """The pairs are compared as they are: the calls are mocked."""
    before, now = call(), call()
    baseline = baseline_of(before, estimates=[estimate(before, 110)])

    judgement = judge(baseline, now, estimates=[estimate(now, 150)])

    assert verdicts(judgement) == {(TEST, "smape"): "FAIL"}
    assert judgement.findings[0].change == "9.5238 % -> 40 % (+30.4762 points, +320.0 %)"


def test_a_better_figure_is_said_and_green() -> None:
    """The baseline is then too generous."""
    judgement = judge(baseline_of(call()), call(input_tokens=900))

    assert verdicts(judgement) == {
        (TEST, "cost"): "IMPROVED",
        (TEST, "input_tokens"): "IMPROVED",
    }
    assert judgement.failing(strict=True) == []
    assert "--llm-update-baseline" in judgement.findings[0].advice


def test_a_new_price_table_is_said_and_fails_nothing() -> None:
    """The same calls at twice the price: both sides are priced with today's table."""
    dearer = prices(factor=2)

    judgement = judge(baseline_of(call()), call(book=dearer), book=dearer)

    assert judgement.findings == ()
    assert "cost" in judgement.passed[TEST]
    assert judgement.notes == (
        "new prices: 1 test cost $0.0012 more at the same quantities and models;"
        " that fails nothing, accept it with the next update",
    )


def test_a_larger_quantity_fails_under_a_new_price_table_too() -> None:
    """Of the difference, only the quantity counts."""
    dearer = prices(factor=2)

    judgement = judge(baseline_of(call()), call(book=dearer, output_tokens=200), book=dearer)

    cost = next(each for each in judgement.findings if each.metric == "cost")
    assert cost.verdict is Verdict.FAIL
    assert "$0.0004 by a larger quantity, $0.0012 by the price table" in cost.reason


def test_a_longer_prompt_over_a_cassette_that_compares_no_bodies_fails_by_its_requests() -> None:
    """Its tokens are those of the old answer, so that nothing else could tell."""
    before, played = baseline_of(call()), call(cassette_verdict="changed")

    judgement = judge(before, call(), played)
    alone = judge(before, played)

    assert verdicts(alone) == {(TEST, "changed_requests"): "FAIL"}
    assert alone.findings[0].change == "0 attempts -> 1 attempts (+1 attempts)"
    assert "another question" in alone.findings[0].reason
    assert verdicts(judgement)[TEST, "changed_requests"] == "FAIL"


def test_a_cassette_that_was_recorded_anew_is_better_than_a_baseline_that_took_the_old_one() -> (
    None
):
    """Whoever accepts the figure sees no more of it until it is gone, or grows."""
    played = call(cassette_verdict="changed")
    before = baseline_of(played)

    same, anew = judge(before, played), judge(before, call())

    assert "changed_requests" in same.passed[TEST]
    assert verdicts(anew) == {(TEST, "changed_requests"): "IMPROVED"}
    assert "changed_requests" not in judge(baseline_of(call()), call()).passed[TEST]
