"""Who predicts a call, and what is written of it."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.telemetry.samples import Bench, request

from understudy.events import Estimate, TokenEstimate
from understudy.telemetry import LLMCallTracker, Owner, activated

if TYPE_CHECKING:
    from understudy.calls import Request


def estimates_in(bench: Bench) -> list[dict[str, Any]]:
    """Return the lines of estimates."""
    return [line for line in bench.lines.read if line["kind"] == "estimate"]


def predictions_in(bench: Bench) -> list[int]:
    """Return the output tokens that were predicted, in order."""
    return [line["predicted_output_tokens"] for line in estimates_in(bench)]


def test_nobody_predicts_by_default(bench: Bench) -> None:
    """A call is an event and nothing else."""
    bench.call()

    assert estimates_in(bench) == []
    assert not bench.telemetry.predicts()


def test_a_prediction_is_written_before_its_call(bench: Bench) -> None:
    """With whose it is, when it was made and which call it is for."""
    with bench.telemetry.estimate(
        800, budget=1000, category="testing", complexity="low", deliverables=["a"] * 25
    ):
        bench.call()

    estimate, event = bench.lines.read
    assert estimate["call_id"] == event["call_id"]
    assert estimate["ts"] < event["ts"]
    assert (estimate["run_id"], estimate["phase_id"]) == ("run", "test_it.py::test_it")
    assert (estimate["selected_budget"], estimate["category"]) == (1000, "testing")
    assert (len(estimate["deliverables"]), estimate["deliverable_count"]) == (20, 25)
    del estimate["kind"]
    assert TokenEstimate.model_validate(estimate).call_id == event["call_id"]


def test_each_call_inside_is_predicted_and_none_outside(bench: Bench) -> None:
    """One row for a logical call."""
    scope = bench.telemetry.estimate(800)
    with scope:
        bench.call()
        bench.call()
    bench.call()

    assert predictions_in(bench) == [800, 800]
    assert scope.calls == 2


def test_attempts_of_one_call_share_one_prediction(bench: Bench) -> None:
    """A retry is not predicted again."""
    with bench.telemetry.estimate(800):
        bench.call(status=500)
        bench.call()

    assert predictions_in(bench) == [800]


def test_the_innermost_scope_predicts(bench: Bench) -> None:
    """Contexts and trackers alike; after it, the one around it again."""
    with bench.telemetry.estimate(1):
        with bench.telemetry.tracker(estimate=2):
            with bench.telemetry.estimate(3):
                bench.call()
            bench.call()
        bench.call()

    assert predictions_in(bench) == [3, 2, 1]


def test_a_tracker_without_a_prediction_leaves_that_to_others(bench: Bench) -> None:
    """It only annotates."""
    with bench.telemetry.estimate(1), bench.telemetry.tracker():
        bench.call()

    assert predictions_in(bench) == [1]


def test_the_call_that_a_tracker_tells_of_is_predicted(bench: Bench) -> None:
    """A local model, which no tap sees."""
    with bench.telemetry.tracker(estimate={"output_tokens": 5, "category": "testing"}) as tracker:
        tracker.set_usage(output_tokens=7)

    estimate, event = bench.lines.read
    assert (estimate["predicted_output_tokens"], estimate["category"]) == (5, "testing")
    assert (estimate["call_id"], event["output_tokens"]) == (event["call_id"], 7)


def test_a_tracker_of_application_code_predicts(bench: Bench) -> None:
    """It finds the telemetry that runs, and does nothing without."""
    with LLMCallTracker(estimate=Estimate(output_tokens=9)):
        bench.call()
    with activated(bench.telemetry), LLMCallTracker(estimate=Estimate(output_tokens=10)):
        bench.call()

    assert predictions_in(bench) == [10]


@pytest.mark.parametrize("estimate", [-1, "many", {"output_tokens": 1, "complexity": "hard"}])
def test_what_is_no_prediction_is_a_fault_and_never_an_error(bench: Bench, estimate: Any) -> None:
    """The code under test goes on, the summary says it once."""
    with bench.telemetry.tracker(estimate=estimate):
        bench.call()
    with bench.telemetry.estimate(-1):
        bench.call()

    assert predictions_in(bench) == []
    assert bench.faults.counts == {"reading an estimate": 2}
    (said,) = bench.faults.lines()
    assert "EstimateError" in said


@dataclass
class Knowing:
    """A `Predictor` of one number, that remembers what it was asked."""

    tokens: int | None = None
    is_wanted: bool = True
    asked: list[tuple[Owner, str | None]] = field(default_factory=list)

    def predict(self, owner: Owner, request: Request | None) -> Estimate | None:
        """Predict it; a negative number fails."""
        self.asked.append((owner, request.url if request else None))
        if self.tokens is not None and self.tokens < 0:
            raise KeyError
        return None if self.tokens is None else Estimate(output_tokens=self.tokens)


def test_predictors_are_asked_in_their_order_where_no_scope_predicts() -> None:
    """The first that knows; they see whose call it is and what is about to be sent."""
    unwanted, asked, known = Knowing(9, is_wanted=False), Knowing(), Knowing(4)
    bench = Bench(predictors=(unwanted, asked, known))

    bench.call()
    with bench.telemetry.estimate(1):
        bench.call()

    assert predictions_in(bench) == [4, 1]
    assert asked.asked == [(bench.test, request().url)]
    assert unwanted.asked == []


def test_a_predictor_that_fails_is_counted_and_the_next_one_asked() -> None:
    """Its exception reaches nobody."""
    bench = Bench(predictors=(Knowing(-1), Knowing(4)))

    bench.call()

    assert predictions_in(bench) == [4]
    assert bench.faults.counts == {"predicting the tokens of a call": 1}


def test_an_embedding_is_not_predicted(bench: Bench) -> None:
    """It writes nothing."""
    with bench.telemetry.estimate(800):
        sent = request("https://api.openai.com/v1/embeddings", input="x")
        assert bench.recorder.begin("httpx", sent) is not None

    (unmet,) = estimates_in(bench)
    assert unmet["call_id"] is None


def test_a_prediction_without_a_call_is_written_without_one(bench: Bench) -> None:
    """Nothing is lost in silence."""
    with bench.telemetry.estimate(800):
        pass

    (unmet,) = estimates_in(bench)
    assert (unmet["predicted_output_tokens"], unmet["call_id"]) == (800, None)


def test_a_call_that_an_inner_scope_predicts_is_a_call_of_the_outer_one_too(bench: Bench) -> None:
    """The outer prediction was not in vain, but it was overridden."""
    with bench.telemetry.estimate(1), bench.telemetry.estimate(2):
        bench.call()

    assert predictions_in(bench) == [2]


def test_an_ignored_test_predicts_nothing(bench: Bench) -> None:
    """Its calls are not recorded either."""
    bench.test.is_ignored = True

    with bench.telemetry.estimate(800):
        pass

    assert estimates_in(bench) == []


def test_a_prediction_outside_any_test_is_a_fault(bench: Bench) -> None:
    """An estimate belongs to a test or fixture: there is no row for it."""
    bench.ownership.leave()

    with bench.telemetry.estimate(800):
        pass

    assert estimates_in(bench) == []
    assert bench.faults.counts == {"recording an estimate": 1}


def test_a_prediction_holds_in_tasks_that_are_started_inside(bench: Bench) -> None:
    """And in no other one, though they run at the same time."""

    async def call(predicted: int | None) -> None:
        if predicted is None:
            await asyncio.sleep(0)
            bench.call()
            return
        async with bench.telemetry.estimate(predicted):
            await asyncio.create_task(call(None))

    async def call_side_by_side() -> None:
        await asyncio.gather(call(1), call(2), call(None))

    asyncio.run(call_side_by_side())

    assert sorted(predictions_in(bench)) == [1, 2]


def test_a_task_that_outlives_a_scope_is_not_predicted(bench: Bench) -> None:
    """The prediction was for the calls made inside."""
    with bench.telemetry.estimate(1):
        bench.call()
        later = copy_context()

    later.run(bench.call)

    assert predictions_in(bench) == [1]


def test_a_scope_can_be_closed_twice_and_entered_again(bench: Bench) -> None:
    """The second end says nothing."""
    scope = bench.telemetry.estimate(1)
    with scope:
        bench.call()
        scope.close()
    with scope:
        bench.call()

    assert predictions_in(bench) == [1, 1]
