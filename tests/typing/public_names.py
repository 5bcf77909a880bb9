"""What a type checker makes of the public names; checked by mypy, never run."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, assert_type

import understudy
from understudy import (
    AsyncTelemetryLogger,
    CallEvent,
    CallLog,
    Estimate,
    Exchange,
    LLMCall,
    LLMCallTracker,
    MockLLM,
    TelemetryLogger,
    TokenEstimate,
)


def reading() -> None:
    exchange = understudy.read_exchange(method="POST", url="https://host/", status=200)
    assert_type(exchange, Exchange)
    assert_type(exchange.text, str | None)


def costs() -> None:
    cost = understudy.calculate_cost("gpt-4o", input_tokens=1, output_tokens=1)
    assert_type(cost, Decimal)


def mocks(mock_llm: MockLLM) -> None:
    assert_type(understudy.get_llm(real=dict[str, int]), MockLLM | dict[str, int])
    assert_type(mock_llm.reply("Bonjour"), MockLLM)


def calls(llm_calls: CallLog) -> None:
    assert_type(llm_calls.count, int)
    assert_type(llm_calls.last, LLMCall)
    assert_type(llm_calls[0].event, CallEvent)
    assert_type(llm_calls[:2], list[LLMCall])
    assert_type([call.text for call in llm_calls], list[str | None])


def trackers() -> None:
    with LLMCallTracker(tier="L2") as tracker:
        assert_type(tracker, LLMCallTracker)
    LLMCallTracker(tier="L9")  # type: ignore[arg-type]


async def async_trackers() -> None:
    async with LLMCallTracker() as tracker:
        assert_type(tracker, LLMCallTracker)


def estimates(llm_calls: CallLog) -> None:
    estimate = Estimate(output_tokens=800, complexity="low", deliverables=("a.py",))
    LLMCallTracker(estimate=estimate)
    LLMCallTracker(estimate=800)
    assert_type(llm_calls.last.estimate, TokenEstimate | None)


def models(logger: TelemetryLogger) -> None:
    assert_type(logger.log("LOAD_LATENCY", "m", 1.0), bool)
    assert_type(logger.get_60day_statistics(), dict[str, Any])
    start: float = logger.start_timer()
    assert_type(logger.measure_latency(start), float)
    with logger.timer().load("m") as load:
        assert_type(load.seconds, float | None)


async def models_on_a_loop(logger: AsyncTelemetryLogger) -> None:
    assert_type(await logger.log("LOAD_LATENCY", "m", 1.0), bool)
    assert_type(await logger.get_60day_statistics(), dict[str, Any])
    async with logger.timer().thought("m") as thought:
        thought.tokens_generated = 5
