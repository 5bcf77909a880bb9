"""Blocks in which a model is loaded, or answers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.telemetry.samples import Bench, StillClock

if TYPE_CHECKING:
    from understudy.telemetry.models import ThoughtScope


def told(bench: Bench) -> list[tuple[Any, ...]]:
    """Return what was written of each event."""
    names = ("component", "value", "success", "tokens_generated", "prompt_tokens", "status")
    return [tuple(line.get(name) for name in names) for line in bench.lines.read]


def fail_after(
    seconds: float, bench: Bench, error: Exception, thought: ThoughtScope | None = None
) -> None:
    """Work for a while, then fail."""
    if thought is not None:
        thought.tokens_generated = 40
    bench.clock.sleep(seconds)
    raise error


def test_a_block_that_loads_is_a_load(bench: Bench) -> None:
    """It took as long as the block."""
    with bench.telemetry.models.timer().load("m") as load:
        bench.clock.sleep(2.0)

    assert told(bench) == [("m", 2.0, True, None, None, None)]
    assert (load.seconds, load.is_stored) == (2.0, True)


def test_a_load_that_fails_is_a_failure_and_goes_on(bench: Bench) -> None:
    """It took that long until it failed."""
    with pytest.raises(MemoryError), bench.telemetry.models.timer().load("m"):
        fail_after(2.0, bench, MemoryError())

    assert told(bench) == [("m", 2.0, False, None, None, None)]


def test_a_block_that_answers_is_a_thought(bench: Bench) -> None:
    """Once it says how many tokens that took."""
    with bench.telemetry.models.timer().thought("m", prompt_tokens=7) as thought:
        bench.clock.sleep(2.0)
        thought.tokens_generated = 100

    assert told(bench) == [("m", 20.0, None, 100, 7, None)]


def test_a_thought_without_a_token_is_none(bench: Bench) -> None:
    """Nobody said how many there were."""
    with bench.telemetry.models.timer().thought("m") as thought:
        bench.clock.sleep(2.0)

    assert (told(bench), thought.is_stored, thought.seconds) == ([], False, 2.0)


def test_a_thought_that_fails_enters_no_mean_and_goes_on(bench: Bench) -> None:
    """Without tokens, and with success as false."""
    with pytest.raises(TimeoutError), bench.telemetry.models.timer().thought("m") as thought:
        fail_after(2.0, bench, TimeoutError(), thought)

    assert told(bench) == [("m", 2000.0, None, None, None, "failed")]
    assert bench.lines.read[0]["details"] == {"success": False, "inference_time_ms": 2000.0}


async def test_blocks_may_be_async(bench: Bench) -> None:
    """As the code that loads."""
    async with bench.telemetry.models.timer().load("m"):
        bench.clock.sleep(1.0)

    assert told(bench) == [("m", 1.0, True, None, None, None)]


def test_simulated_time_is_no_latency_of_a_model(bench: Bench) -> None:
    """It is measured, and not stored."""
    bench.test.clock = StillClock(name="virtual")

    with bench.telemetry.models.timer().load("m") as load:
        bench.test.clock.sleep(9.0)

    assert (load.seconds, load.is_stored, told(bench)) == (9.0, False, [])


def test_a_time_that_cannot_be_told_is_counted_in_a_run(bench: Bench) -> None:
    """It is no number, and fails no test."""
    latency = bench.telemetry.models.measure_latency(bench.clock.now() + 5)

    assert math.isnan(latency)
    assert "measuring a time: ModelEventError" in bench.faults.lines()[0]


def test_a_run_measures_on_the_clock_of_its_test(bench: Bench) -> None:
    """Its start knows which that was."""
    bench.test.clock = StillClock(40.0)

    start = bench.telemetry.models.start_timer()
    bench.test.clock.sleep(2.0)

    assert (start, bench.telemetry.models.measure_latency(start)) == (40.0, 2.0)


def test_a_block_whose_time_cannot_be_told_is_not_logged(bench: Bench) -> None:
    """It is counted, and fails nothing."""
    with bench.telemetry.models.timer().load("m") as load:
        bench.clock.seconds -= 5

    assert (load.seconds, load.is_stored, told(bench)) == (None, False, [])
    assert "while measuring a time" in bench.faults.lines()[0]
