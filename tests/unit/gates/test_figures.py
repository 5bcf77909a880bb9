"""From the calls of a test to its figures."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.gates.sample_gate import TEST, call, estimate, measured, run_facts

from understudy.events.lifecycle import parse_lifecycle_event
from understudy.gates import METRICS, Figures, Kind, RanTest, Run, measure_run

UNSEEN: dict[str, Any] = {
    "status": "error",
    "http_status": None,
    "origin": None,
    "input_tokens": None,
    "output_tokens": None,
    "cache_read_tokens": None,
    "cache_write_tokens": None,
    "reasoning_tokens": None,
    "ttfc_ms": None,
}


def figures_of(*calls: Any, **more: Any) -> Figures:
    """Return the figures of the one test."""
    return measured(*calls, **more)[TEST]


def test_sums_are_over_all_attempts_and_kept_by_model() -> None:
    """Two models, three attempts."""
    figures = figures_of(call(), call(), call(request_model="dear", output_tokens=5))

    assert figures.values["input_tokens"] == 3000
    assert figures.values["output_tokens"] == 205
    assert figures.values["calls"] == 3
    assert figures.models["openai/cheap"]["output_tokens"] == 200
    assert figures.models["openai/dear"]["calls"] == 1
    assert figures.values["cost"] == 2 * 1_200_000 + 10_100_000


def test_attempts_of_one_call_are_one_call_of_the_model_that_answered() -> None:
    """A failed attempt knows only the alias that was asked for."""
    failed = call(**UNSEEN)
    answered = call(call_id=failed.call_id, attempt=2, response_model="cheap-2026")

    figures = figures_of(failed, answered)

    assert figures.values["calls"] == 1
    assert figures.values["attempts"] == 2
    assert list(figures.models) == ["openai/cheap-2026"]


def test_latencies_are_whole_microseconds() -> None:
    """The longest wait for content; the sum of all attempts; time by token in ns."""
    figures = figures_of(call(), call(ttfc_ms=10.5, duration_ms=20.25, output_tokens=1))

    assert figures.timed == {
        "ttfc": 300_000,
        "duration": 1_320_250,
        "ms_per_token": round(1320.25 * 1_000_000 / 101),
    }
    assert figures.how == "virtual:realistic_l2"


def test_unknown_tokens_are_unknown_and_said() -> None:
    """Never 0: a sum without one part is no sum."""
    figures = figures_of(call(), call(input_tokens=None, cost_nanousd=None))

    assert "input_tokens" not in figures.values
    assert "input_tokens" not in figures.models["openai/cheap"]
    assert figures.unknown["input_tokens"] == "no input_tokens in the answer of cheap"
    assert figures.unknown["cost"] == "no price for cheap"


def test_an_embedding_writes_no_tokens() -> None:
    """And so none of them are unknown, nor a figure that a baseline would not hold."""
    embedding = call(operation="embeddings", output_tokens=None, reasoning_tokens=None)

    figures = figures_of(embedding)

    assert "output_tokens" not in figures.values.keys() | figures.unknown.keys()
    assert "ms_per_token" not in figures.timed


@pytest.mark.parametrize(
    ("fields", "counts", "latency"),
    [
        ({"origin": "mocked", "clock": "virtual"}, Kind.EXACT, Kind.EXACT),
        ({"origin": "replayed", "clock": "virtual"}, Kind.EXACT, Kind.EXACT),
        ({"origin": "mocked", "clock": "real"}, Kind.EXACT, Kind.SHOWN),
        ({"origin": "replayed", "clock": "real"}, Kind.EXACT, Kind.SHOWN),
        ({"origin": "live", "clock": "real"}, Kind.NOISY, Kind.NOISY),
        ({"origin": "recorded", "clock": "real"}, Kind.NOISY, Kind.NOISY),
        ({"origin": "live", "usage_source": "estimated"}, Kind.SHOWN, Kind.NOISY),
        ({"origin": None}, Kind.SHOWN, Kind.SHOWN),
        (UNSEEN, Kind.EXACT, Kind.SHOWN),
    ],
)
def test_the_kind_follows_from_origin_and_clock(
    fields: dict[str, Any], counts: Kind, latency: Kind
) -> None:
    """Never from a guess."""
    figures = figures_of(call(**fields))

    assert (figures.counts, figures.latency) == (counts, latency)


def test_what_is_only_shown_says_why() -> None:
    """The machine was measured, not the model."""
    figures = figures_of(call(clock="real"))

    assert "--llm-clock=virtual" in figures.remark


def test_a_tracker_s_own_row_is_shown() -> None:
    """Its answers may have been live."""
    assert "nobody saw" in figures_of(call(origin=None)).remark


def test_live_latencies_are_kept_call_by_call() -> None:
    """Of calls that succeeded; mocked ones beside them do not count."""
    live: dict[str, Any] = {"origin": "live", "clock": "real"}

    figures = figures_of(
        call(**live, duration_ms=500.0), call(**live, duration_ms=700.0), call(), call(**UNSEEN)
    )

    assert figures.samples["duration"] == [500.0, 700.0]
    assert figures.samples["ms_per_token"] == [5.0, 7.0]


def test_the_last_rerun_counts() -> None:
    """What failed before it is forgotten."""
    figures = figures_of(call(rerun=0, input_tokens=9), call(rerun=1, input_tokens=5))

    assert figures.values["input_tokens"] == 5


def test_a_last_rerun_without_calls_has_no_figures() -> None:
    """Pytest knows of it, the calls do not."""
    told = run_facts(RanTest(node_id=TEST, rerun=1))

    assert measure_run(Run(calls=[call(rerun=0)], run_facts=told)) == {}


def test_a_fixture_counts_once_however_many_workers_set_it_up() -> None:
    """The largest figure of one set-up."""
    name = "fixture:client"

    figures = measured(
        call(name, worker="gw0"), call(name, worker="gw1", input_tokens=1100, duration_ms=1.0)
    )

    assert figures[name].values["calls"] == 1
    assert figures[name].values["input_tokens"] == 1100
    assert figures[name].timed["duration"] == 1_300_000


def test_a_fixture_of_a_module_counts_once_however_often_it_was_set_up() -> None:
    """How many modules a worker runs is chance."""
    name = "fixture:client"

    figures = measured(call(name, rerun=0), call(name, rerun=1), call(name, rerun=1))

    assert figures[name].values["calls"] == 2


def test_calls_outside_any_test_are_nobody_s() -> None:
    """They are in the summary, not in the gate."""
    assert measured(call(phase_id=None)) == {}


def test_smape_is_the_mean_over_the_predicted_calls() -> None:
    """In ten-thousandths of a percent; calls without a prediction do not count."""
    first, second, third = call(output_tokens=1200), call(output_tokens=800), call()

    figures = figures_of(
        first, second, third, estimates=[estimate(first, 800), estimate(second, 1200)]
    )

    assert figures.values["smape"] == 400_000
    assert figures.values["predictions"] == 2
    assert figures.pairs == [(800, 1200), (1200, 800)]


def test_a_prediction_without_an_answer_makes_smape_unknown() -> None:
    """Half of the pairs is not the estimator's accuracy."""
    answered, failed = call(), call(**UNSEEN)

    figures = figures_of(
        answered, failed, estimates=[estimate(answered, 100), estimate(failed, 100)]
    )

    assert "smape" not in figures.values
    assert "no answer with usage" in figures.unknown["smape"]


def test_a_replay_s_pace_is_its_speed() -> None:
    """Beside profiles, where both play."""
    told = run_facts(replay_speed=2.0)

    figures = measure_run(Run(calls=[call(origin="replayed"), call()], run_facts=told))

    assert figures[TEST].how == "virtual:realistic_l2,x2"


def test_every_metric_of_ours_has_a_unit() -> None:
    """And the names in the table are their own."""
    assert all(metric.unit and metric.name == name for name, metric in METRICS.items())


def test_what_operations_told_is_counted_where_anything_was_told() -> None:
    """A request that was only sent again is no repair; a check that passed is no failure.

    Where lifecycle events are off, nobody knows.
    """
    told: list[dict[str, Any]] = [
        {"event_type": "llm_generation_started"},
        {"event_type": "llm_repair_attempt", "attempt_number": 1, "cause": "content"},
        {"event_type": "llm_repair_attempt", "attempt_number": 1, "cause": "transport"},
        {"event_type": "llm_validation_result", "passed": False},
        {"event_type": "llm_validation_result", "passed": True},
        {"event_type": "llm_provider_failover", "from_provider": "a", "to_provider": "b"},
    ]
    events = [parse_lifecycle_event({"phase_id": TEST, **each}) for each in told]
    run = Run(calls=[call()], lifecycle=events, run_facts=run_facts())

    values = measure_run(run)[TEST].values

    assert (values["repairs"], values["failovers"], values["validation_failures"]) == (1, 1, 1)
    assert "repairs" not in figures_of(call()).values
    assert "repairs" in figures_of(call(), lifecycle=None).unknown
    assert "repairs" not in figures_of(call()).unknown
