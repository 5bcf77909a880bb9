"""Small runs to measure, to accept as a baseline, and to judge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from understudy.events import CallEvent, TokenEstimate, new_id, settle
from understudy.gates import (
    METRICS,
    Figures,
    Gate,
    Judgement,
    RanTest,
    Repricing,
    Run,
    RunFacts,
    measure_run,
)
from understudy.gates.baseline import Baseline, Update, accepted
from understudy.pricing import LayeredPrices, Prices, price_call

NOON: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MODULE: Final = "tests/test_bot.py"
TEST: Final = f"{MODULE}::test_refund"
OTHER: Final = f"{MODULE}::test_order"
UPDATE: Final = Update(date="2026-11-20", commit="3502d2e", author="Ann", reason="first")

_FIGURES: Final[dict[str, Any]] = {
    "ts": NOON,
    "provider": "openai",
    "wire_api": "openai.chat",
    "operation": "chat",
    "origin": "mocked",
    "clock": "virtual",
    "profile": "realistic_l2",
    "http_status": 200,
    "request_model": "cheap",
    "input_tokens": 1000,
    "output_tokens": 100,
    "cache_read_tokens": 0,
    "cache_write_tokens": 0,
    "reasoning_tokens": 0,
    "usage_source": "provider",
    "ttfc_ms": 300.0,
    "duration_ms": 1300.0,
}


def prices(*, factor: float = 1) -> LayeredPrices:
    """Make a book in which `dear` costs ten times what `cheap` costs, and no other is known."""
    table = Prices("house")
    table.register("cheap", input=1 * factor, output=2 * factor)
    table.register("dear", input=10 * factor, output=20 * factor)
    return LayeredPrices(table)


def call(test: str = TEST, *, book: LayeredPrices | None = None, **figures: Any) -> CallEvent:
    """Make a priced call of a test: mocked, on the virtual clock, of the model `cheap`."""
    event_id = new_id()
    made = {"event_id": event_id, "call_id": event_id, "phase_id": test, **_FIGURES, **figures}
    return price_call(CallEvent.model_validate(made), book or prices())


def estimate(of: CallEvent, predicted: int) -> TokenEstimate:
    """Make a settled prediction of a call's output."""
    return settle(
        TokenEstimate(
            estimate_id=new_id(),
            ts=NOON,
            phase_id=of.phase_id,
            rerun=of.rerun,
            call_id=of.call_id,
            predicted_output_tokens=predicted,
        ),
        [of],
    )


def run_facts(*tests: str | RanTest, **more: Any) -> RunFacts:
    """Make the facts of a run in which all tests passed and no module was cut short."""
    ran = [RanTest(node_id=test) if isinstance(test, str) else test for test in tests or (TEST,)]
    modules = frozenset(test.module for test in ran)
    return RunFacts(**{"tests": {t.node_id: t for t in ran}, "complete": modules} | more)


def measured(*calls: CallEvent, **more: Any) -> dict[str, Figures]:
    """Return the figures of calls whose tests passed."""
    return measure_run(Run(calls=calls, **more))


def baseline_of(*calls: CallEvent, **more: Any) -> Baseline:
    """Return the baseline that a run of these calls makes."""
    names = {call.phase_id for call in calls if call.phase_id and "::" in call.phase_id}
    ran = run_facts(*sorted(names)) if names else RunFacts()
    return Baseline(accepted(Baseline(), measured(*calls, **more), ran, UPDATE).files)


def judge(
    baseline: Baseline, *calls: CallEvent, ran: RunFacts | None = None, **more: Any
) -> Judgement:
    """Judge a run of these calls, whose tests passed; `more` goes to the gate."""
    names = sorted({call.phase_id for call in calls if call.phase_id and "::" in call.phase_id})
    told = ran or run_facts(*names)
    estimates = more.pop("estimates", ())
    repricing = Repricing(more.pop("book", prices()), NOON)
    figures = measure_run(
        Run(calls=calls, estimates=estimates, run_facts=told), more.get("metrics", METRICS)
    )
    return Gate(baseline=baseline, repricing=repricing, **more).judge(figures, told)


def verdicts(judgement: Judgement) -> dict[tuple[str, str | None], str]:
    """Return the verdicts by subject and metric."""
    return {(f.subject, f.metric): str(f.verdict) for f in judgement.findings}
