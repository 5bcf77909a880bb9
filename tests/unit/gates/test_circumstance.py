"""Another clock, profile or speed, live calls: not compared, and said."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.gates.sample_gate import TEST, baseline_of, call, judge, run_facts, verdicts


def test_the_real_clock_is_another_circumstance() -> None:
    """Tokens are compared all the same."""
    judgement = judge(baseline_of(call()), call(clock="real", ttfc_ms=9.0))

    assert verdicts(judgement) == {(TEST, "latency"): "ENV_MISMATCH"}
    assert judgement.failing() == []
    assert judgement.failing(strict=True) == list(judgement.findings)
    assert "input_tokens" in judgement.passed[TEST]
    assert "--llm-clock" in judgement.findings[0].advice


def test_a_slower_profile_that_this_run_asks_for_fails() -> None:
    """`--llm-profile=slow` against a baseline of a faster one; the reason names both."""
    slow = call(profile="slow", ttfc_ms=3000.0)

    judgement = judge(baseline_of(call()), slow, ran=run_facts(profile="slow"))

    assert verdicts(judgement) == {(TEST, "ttfc"): "FAIL"}
    assert "its profile was realistic_l2, now slow" in judgement.findings[0].reason


def test_a_profile_that_is_no_slower_is_another_circumstance() -> None:
    """Where this run asked for it on the command line: nothing got better."""
    instant = call(profile="instant", ttfc_ms=1.0, duration_ms=1.0)

    judgement = judge(baseline_of(call()), instant, ran=run_facts(profile="instant"))

    assert verdicts(judgement) == {(TEST, "latency"): "ENV_MISMATCH"}
    assert "virtual:realistic_l2, this run as virtual:instant" in judgement.findings[0].reason


def test_a_profile_that_nobody_set_before_is_named() -> None:
    """The code had none."""
    judgement = judge(baseline_of(call(profile=None)), call(ttfc_ms=3000.0))

    assert "its profile was none, now realistic_l2" in judgement.findings[0].reason


def test_another_replay_speed_is_another_circumstance() -> None:
    """The same cassette, played twice as fast."""
    replayed: dict[str, Any] = {"origin": "replayed", "profile": None}
    baseline = baseline_of(call(**replayed), run_facts=run_facts(replay_speed=1.0))

    judgement = judge(baseline, call(**replayed), ran=run_facts(replay_speed=2.0))

    assert verdicts(judgement) == {(TEST, "latency"): "ENV_MISMATCH"}


def test_a_replay_is_not_held_against_a_profile() -> None:
    """Whatever plays now."""
    baseline = baseline_of(call(origin="replayed", profile=None))

    assert verdicts(judge(baseline, call())) == {(TEST, "latency"): "ENV_MISMATCH"}


def test_latency_without_a_baseline_is_new() -> None:
    """The baseline was taken on the real clock."""
    judgement = judge(baseline_of(call(clock="real")), call())

    assert verdicts(judgement) == {(TEST, "ttfc, duration"): "NEW"}


def test_latency_on_the_real_clock_is_shown_and_said() -> None:
    """Never judged."""
    before, now = call(clock="real"), call(clock="real", ttfc_ms=9000.0)

    judgement = judge(baseline_of(before), now)

    assert judgement.findings == ()
    assert judgement.notes[0].startswith("shown, not judged, in 1 test: mocked and replayed calls")


@pytest.mark.parametrize(
    "live", [{"origin": "live"}, {"origin": "live", "usage_source": "estimated"}]
)
def test_live_figures_are_not_held_against_mocked_ones(live: dict[str, Any]) -> None:
    """A warning, not a comparison."""
    judgement = judge(baseline_of(call()), call(clock="real", **live))

    assert verdicts(judgement)[TEST, None] in {"ENV_MISMATCH", "NEW"}
    assert judgement.passed == {}
