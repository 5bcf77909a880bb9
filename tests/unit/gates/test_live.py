"""Live calls: earlier runs on this machine, noise, and what is flagged."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.gates.sample_gate import TEST, call, estimate, judge, measured, run_facts, verdicts

from understudy.gates import METRICS, Family, Gate, Metric, PastRun, PastRuns, past_run
from understudy.gates.baseline import Baseline
from understudy.gates.policy import read_gates

if TYPE_CHECKING:
    from understudy.events import CallEvent, TokenEstimate

LIVE: dict[str, Any] = {"origin": "live", "clock": "real", "profile": None}


def live_call(test: str = TEST, *, factor: float = 1, seed: int = 0, **more: Any) -> CallEvent:
    """Make a live call whose latency scatters by a percent."""
    noise = 1 + Random(f"{test}{seed}").gauss(0, 0.01)
    figures = {
        "ttfc_ms": round(300 * noise * factor, 3),
        "duration_ms": round(1300 * noise * factor, 3),
    }
    return call(test, **(LIVE | figures | more))


def past(number: int, *tests: str, **more: Any) -> PastRuns:
    """Make earlier runs."""
    runs = []
    for seed in range(number):
        calls = [live_call(test, seed=seed + 1, **more) for test in tests or (TEST,)]
        run = past_run(measured(*calls), run_id=str(seed), date="2026-11-20")
        assert run is not None
        runs.append(run)
    return PastRuns(runs)


def test_without_earlier_runs_a_live_test_is_new_and_nothing_compared() -> None:
    """Three runs must be recorded first."""
    judgement = judge(Baseline(), live_call())

    assert verdicts(judgement) == {(TEST, None): "NEW", ("run", None): "NO_COMPARISON"}


def test_runs_of_another_machine_are_a_mismatch() -> None:
    """Yellow: identical code differs by more than a margin between machines."""
    elsewhere = PastRuns((), frozenset({TEST}))

    judgement = judge(Baseline(), live_call(), past=elsewhere)

    assert verdicts(judgement) == {(TEST, None): "ENV_MISMATCH"}
    assert judgement.failing() == []


def test_two_earlier_runs_are_inconclusive() -> None:
    """They do not tell how much runs differ."""
    judgement = judge(Baseline(), live_call(), past=past(2))

    assert verdicts(judgement)[TEST, "duration"] == "INCONCLUSIVE"
    assert judgement.failing() == []


def test_an_unchanged_live_test_passes() -> None:
    """Within the noise of its runs; what is always 0 stays so."""
    judgement = judge(Baseline(), live_call(), past=past(5))

    assert judgement.findings == ()
    assert {"duration", "ttfc", "cost", "reasoning_tokens"} <= set(judgement.passed[TEST])


def test_a_slower_live_test_is_flagged_and_fails_when_fresh_runs_agree() -> None:
    """First flagged, then proven; the finding has its statistics."""
    slower = [live_call(factor=1.5)]

    first = judge(Baseline(), *slower, past=past(5))
    confirm = [{TEST: {"duration": [1950.0 + n], "ttfc": [450.0 + n]}} for n in range(4)]
    second = judge(Baseline(), *slower, past=past(5), confirm=confirm)

    assert first.flagged == (TEST,) or verdicts(first)[TEST, "duration"] == "FAIL"
    assert verdicts(second)[TEST, "duration"] == "FAIL"
    finding = next(each for each in second.findings if each.metric == "duration")
    assert finding.statistics is not None
    assert finding.statistics.ratio is not None
    assert finding.statistics.ratio > 1.4
    assert "a call (+50." in finding.change
    assert "; p = " in finding.reason
    assert finding.baseline == pytest.approx(1_300_000, rel=0.02)


def test_tokens_are_higher_and_not_slower() -> None:
    """The words fit the metric; both ends are said, in its unit."""
    more = [live_call(input_tokens=2000)]
    confirm = [{TEST: {"input_tokens": [2000.0]}} for _ in range(4)]

    judgement = judge(Baseline(), *more, past=past(5), confirm=confirm)

    finding = next(each for each in judgement.findings if each.metric == "input_tokens")
    assert finding.change == "1,000 tokens -> 2,000 tokens (+100.0 %)"
    assert finding.reason.startswith("higher by more than 5 %, in 4 fresh runs; p = ")


def test_what_only_looks_worse_asks_for_fresh_processes() -> None:
    """The advice is what would decide it."""
    judgement = judge(Baseline(), live_call(factor=1.1), past=past(5))

    finding = next(each for each in judgement.findings if each.metric == "duration")
    assert finding.verdict == "INCONCLUSIVE"
    assert "--llm-gate-reruns=4" in finding.advice


@pytest.mark.parametrize(
    ("before", "now", "verdict"), [(90, 40, "FAIL"), (40, 90, None), (40, 0, "FAIL"), (0, 40, None)]
)
def test_a_live_metric_that_should_be_high_fails_where_it_falls(
    before: int, now: int, verdict: str | None
) -> None:
    """By more than noise, or to nothing; a rise passes."""
    score = Metric(name="score", unit="points", family=Family.OWN, higher_is_better=True)
    metrics = {**METRICS, "score": score}
    runs = [{"score": [float(before)], "duration": [1300.0 + n]} for n in range(5)]
    earlier = PastRuns([PastRun(run_id=str(n), date="", samples={TEST: runs[n]}) for n in range(5)])
    figures = measured(live_call())
    figures[TEST].values["score"] = now
    confirm = [{TEST: {"score": [float(now)]}} for _ in range(4)]

    gate = Gate(baseline=Baseline(), metrics=metrics, past=earlier, confirm=confirm)
    judgement = gate.judge(figures, run_facts(TEST))

    found = {each.metric: each for each in judgement.failing()}
    assert ("score" in found) is (verdict == "FAIL")
    if before and now and verdict:
        assert found["score"].reason.startswith("lower by more than 5 %")


def test_an_allowance_covers_noise_too() -> None:
    """A failure must be beyond it."""
    policy = read_gates({"ttfc": "+100%", "duration": "+100%"}, METRICS, where="p")
    confirm = [{TEST: {"duration": [1950.0 + n], "ttfc": [450.0 + n]}} for n in range(4)]

    judgement = judge(
        Baseline(), live_call(factor=1.5), past=past(5), confirm=confirm, policy=policy
    )

    assert judgement.failing() == []


def test_from_nothing_to_something_fails() -> None:
    """It has no ratio; it was 0 in every run."""
    judgement = judge(Baseline(), live_call(reasoning_tokens=50), past=past(3))

    assert verdicts(judgement)[TEST, "reasoning_tokens"] == "FAIL"
    assert "it was 0 in all of 3 runs" in judgement.findings[0].reason


def test_a_suite_that_is_slower_as_one_is_a_shift() -> None:
    """The provider, the network, the machine."""
    tests = [f"tests/test_live.py::test_{n}" for n in range(20)]
    slower = [live_call(test, factor=1.5) for test in tests]

    judgement = judge(Baseline(), *slower, past=past(5, *tests))

    assert ("run", "duration") in verdicts(judgement)
    assert verdicts(judgement)["run", "duration"] == "SUITE_SHIFT"


def test_a_live_test_of_the_last_run_that_is_gone_is_missing() -> None:
    """As any other."""
    judgement = judge(Baseline(), live_call(), past=past(3, TEST, "tests/test_bot.py::test_gone"))

    assert verdicts(judgement)["tests/test_bot.py::test_gone", None] == "MISSING"


def test_a_metric_that_is_off_is_left_out() -> None:
    """As for exact figures."""
    policy = read_gates({"duration": "off"}, METRICS, where="p")

    judgement = judge(Baseline(), live_call(), past=past(2), policy=policy)

    assert (TEST, "duration") not in verdicts(judgement)


def test_a_run_without_live_calls_is_no_past_run() -> None:
    """Exact figures stand in the reviewed files."""
    assert past_run(measured(call()), run_id="1", date="2026-11-20") is None


def test_live_predictions_are_kept_as_pairs() -> None:
    """Never only their mean."""
    made = live_call()

    run = past_run(measured(made, estimates=[estimate(made, 50)]), run_id="1", date="d")

    assert isinstance(run, PastRun)
    assert run.pairs == {TEST: [(50, 100)]}
    assert run_facts().tests


def predicted(number: int, by: int) -> tuple[list[CallEvent], list[TokenEstimate]]:
    """Make live calls of 100 tokens, each predicted `by` too high."""
    calls = [live_call(seed=seed) for seed in range(number)]
    return calls, [estimate(each, 100 + by) for each in calls]


def past_predictions(number: int, by: int) -> PastRuns:
    """Make three earlier runs of them."""
    runs = []
    for name in "abc":
        calls, estimates = predicted(number, by)
        run = past_run(measured(*calls, estimates=estimates), run_id=name, date="d")
        assert run is not None
        runs.append(run)
    return PastRuns(runs)


@pytest.mark.parametrize(
    ("number", "by", "policy", "verdict"),
    [
        (25, 10, {}, None),
        (25, 40, {}, "FAIL"),
        (25, 0, {}, "IMPROVED"),
        (5, 40, {}, "INCONCLUSIVE"),
        (25, 40, {"smape": "+50pp"}, None),
        (25, 40, {"smape": "off"}, None),
    ],
)
def test_live_predictions_are_judged_call_by_call(
    number: int, by: int, policy: dict[str, Any], verdict: str | None
) -> None:
    """All of the run together, and a test that has enough of them."""
    calls, estimates = predicted(number, by)
    rules = read_gates(policy, METRICS, where="p")

    judgement = judge(
        Baseline(), *calls, estimates=estimates, past=past_predictions(number, 10), policy=rules
    )

    assert verdicts(judgement).get(("run", "smape")) == verdict
    if number >= 20:
        assert verdicts(judgement).get((TEST, "smape")) == verdict
