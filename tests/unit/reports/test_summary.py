"""From events to the summary of a run."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.reports.sample_run import (
    CHAT,
    LLAMA,
    NO_USAGE,
    PLAN,
    REFUSED,
    START,
    UNPRICED,
    attempt,
    sample_run,
)

from understudy.events import UndoEvent
from understudy.reports import Latency, Total, Unknown, figures_of, summarise


def test_calls_are_logical_and_attempts_are_not() -> None:
    """A call that was retried is one call with two attempts."""
    totals = summarise(sample_run()).totals

    assert (totals.calls, totals.attempts) == (7, 8)


def test_errors_count_attempts_and_failed_calls_do_not() -> None:
    """A retry that succeeded is no failed call."""
    totals = summarise(sample_run()).totals

    assert (totals.errors, totals.failed_calls, totals.cancelled) == (1, 0, 1)


def test_a_call_whose_last_attempt_failed_has_failed() -> None:
    """The last attempt decides, in whatever order the events come."""
    events = [attempt(2, call_id="c", attempt=2, **REFUSED), attempt(1, call_id="c")]

    assert figures_of(events).failed_calls == 1


def test_tokens_and_cost_sum_over_attempts() -> None:
    """What an attempt used, it used."""
    figures = figures_of([attempt(1), attempt(2), attempt(3, call_id="c2", attempt=2)])

    assert figures.input_tokens == Total(3_600)
    assert figures.output_tokens == Total(900)
    assert figures.cost == Total(18_000_000)
    assert figures.call_ms == 2_550


def test_unknown_figures_are_counted_by_call() -> None:
    """A sum says over how many calls it is silent."""
    figures = figures_of([attempt(1), attempt(2, **NO_USAGE), attempt(3, **NO_USAGE)])

    assert figures.input_tokens == Total(1_200, missing=2)
    assert figures.cost == Total(6_000_000, missing=2)


def test_refused_attempts_are_missing_nothing() -> None:
    """Nobody bills a 429, so no figure is unknown."""
    figures = figures_of([attempt(1, **REFUSED)])

    assert figures.input_tokens == Total()
    assert figures.cost == Total()


def test_embeddings_miss_no_output() -> None:
    """An embedding has no output to count."""
    figures = figures_of([attempt(1, operation="embeddings", output_tokens=None)])

    assert figures.output_tokens == Total()


def test_latency_is_over_attempts_that_succeeded() -> None:
    """A quick refusal makes nobody faster."""
    events = [attempt(n, ttfc_ms=10 * n, duration_ms=100 * n) for n in range(1, 22)]

    figures = figures_of([*events, attempt(30, **REFUSED)])

    assert figures.ttfc == Latency(110, 200, measured=True)
    assert figures.duration == Latency(1_100, 2_000, measured=True)


def test_measured_latency_goes_before_simulated() -> None:
    """A replayed answer must not make a provider look fast."""
    events = [attempt(1, ttfc_ms=320.0), attempt(2, ttfc_ms=1.0, origin="replayed")]

    figures = figures_of(events)

    assert figures.ttfc == Latency(320.0, 320.0, measured=True)
    assert figures.simulated


@pytest.mark.parametrize("origin", ["replayed", "mocked"])
def test_simulated_latency_is_marked(origin: str) -> None:
    """Where there is nothing else, it is shown as what it is."""
    figures = figures_of([attempt(1, ttfc_ms=1.0, origin=origin)])

    assert figures.ttfc == Latency(1.0, 1.0, measured=False)


def test_without_a_timing_there_is_no_latency() -> None:
    """None, not 0 ms."""
    figures = figures_of([attempt(1, ttfc_ms=None, duration_ms=None)])

    assert figures.ttfc is None
    assert figures.duration is None
    assert figures.call_ms == 0


def test_models_are_sorted_by_cost() -> None:
    """The dearest model comes first, the unpriced last."""
    models = summarise(sample_run()).models

    assert [(model.provider, model.model) for model in models] == [
        ("openai", "gpt-4o-2024-08-06"),
        ("anthropic", "claude-sonnet-4-5-20250929"),
        ("ollama", "llama3"),
    ]


def test_origins_stand_in_the_same_order_in_each_run() -> None:
    """Not in that of the tests, which may be any."""
    origins = ("mocked", None, "replayed", "live", "recorded", "live")
    events = [attempt(number, origin=origin) for number, origin in enumerate(origins)]

    assert list(summarise(events).origins.items()) == [
        ("live", 2),
        ("recorded", 1),
        ("replayed", 1),
        ("mocked", 1),
        ("none", 1),
    ]


def test_a_refused_attempt_goes_with_the_model_that_answered() -> None:
    """It names only what was asked for, which is the same model."""
    models = summarise(sample_run()).models

    assert models[0].figures.errors == 1


def test_a_refused_attempt_of_an_ambiguous_name_stands_alone() -> None:
    """Where one name was answered by two models, nobody knows which refused."""
    events = [
        attempt(1, response_model="gpt-4o-2024-08-06"),
        attempt(2, response_model="gpt-4o-2024-11-20"),
        attempt(3, **REFUSED),
    ]

    models = summarise(events).models

    assert [model.model for model in models] == [
        "gpt-4o-2024-08-06",
        "gpt-4o-2024-11-20",
        "gpt-4o",
    ]


def test_tests_fixtures_and_the_rest_are_kept_apart() -> None:
    """A call belongs to a test, to a fixture of wider scope, or to the run."""
    summary = summarise(sample_run())

    assert [owner.name for owner in summary.tests] == [CHAT, PLAN]
    assert [owner.name for owner in summary.fixtures] == ["fixture:warm_cache"]
    assert summary.outside is not None
    assert summary.outside.calls == 1


def test_without_calls_outside_there_are_no_figures_for_them() -> None:
    """None, not a row of zeros."""
    assert summarise([attempt(1)]).outside is None


def test_a_test_on_several_workers_has_a_row_for_each() -> None:
    """`--dist each` runs every test on every worker."""
    events = [attempt(1, worker="gw0"), attempt(2, worker="gw1")]

    tests = summarise(events).tests

    assert [(test.name, test.worker) for test in tests] == [(CHAT, "gw0"), (CHAT, "gw1")]


def test_reruns_are_counted() -> None:
    """What the reruns of a test cost belongs to it."""
    (test,) = summarise([attempt(1), attempt(2, rerun=1), attempt(3, rerun=2)]).tests

    assert test.reruns == 2
    assert test.worker is None
    assert test.figures.calls == 3


@pytest.mark.parametrize(
    ("origins", "spent", "saved"),
    [
        (["live", "recorded"], Total(12_000_000), None),
        (["replayed", "mocked"], None, Total(12_000_000)),
        (["live", "mocked"], Total(6_000_000), Total(6_000_000)),
    ],
)
def test_spent_is_what_a_provider_answered(
    origins: list[str], spent: Total | None, saved: Total | None
) -> None:
    """A replayed or mocked answer costs nothing: its price is what it saved."""
    summary = summarise([attempt(n, origin=origin) for n, origin in enumerate(origins)])

    assert (summary.spent, summary.saved) == (spent, saved)


def test_origins_count_calls() -> None:
    """A refused call came from nowhere."""
    events = [*sample_run(), attempt(9, **(REFUSED | {"http_status": None, "origin": None}))]

    assert summarise(events).origins == {"live": 6, "replayed": 1, "none": 1}


def test_unpriced_calls_are_named_by_model_with_the_reason() -> None:
    """Whoever knows why may say it."""
    events = [attempt(n, **(UNPRICED | LLAMA)) for n in (1, 2)]

    summary = summarise(events, why_unpriced=lambda call: f"no list for {call.provider}")

    assert summary.unpriced == (Unknown("llama3", 2, "no list for ollama"),)


def test_unpriced_calls_need_no_reason() -> None:
    """A stored run does not say it."""
    summary = summarise([attempt(1, **(UNPRICED | LLAMA))])

    assert summary.unpriced == (Unknown("llama3", 1),)


def test_calls_without_usage_are_named_once() -> None:
    """They have no price either, which goes without saying."""
    summary = summarise([attempt(1, **NO_USAGE)])

    assert summary.without_usage == (Unknown("gpt-4o-2024-08-06", 1),)
    assert summary.unpriced == ()


def test_estimated_usage_is_counted() -> None:
    """An estimate is not what the provider said."""
    assert summarise(sample_run()).estimated_calls == 1


def test_other_events_are_no_calls() -> None:
    """Edits and undos cost nothing."""
    summary = summarise([UndoEvent(event_id="u", ts=START), attempt(1)])

    assert summary.totals.calls == 1


def test_of_nothing_is_empty() -> None:
    """A run without calls has a summary without figures."""
    summary = summarise([])

    assert summary.totals.calls == 0
    assert summary.models == ()
    assert summary.spent is None


def test_attempts_are_in_the_order_of_their_time() -> None:
    """Processes hand them over in any order."""
    events = sample_run()

    assert summarise(reversed(events)).attempts == tuple(events)


def test_an_attempt_after_another_replaces_it_only_if_later() -> None:
    """Equal numbers: the one that comes last."""
    events: list[Any] = [attempt(1, call_id="c"), attempt(2, call_id="c", **REFUSED)]

    assert figures_of(events).failed_calls == 1
