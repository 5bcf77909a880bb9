"""How long something took."""

from __future__ import annotations

import pickle
from copy import deepcopy

import pytest
from tests.unit.telemetry.samples import StillClock

from understudy.clock import RealClock, VirtualClock, seconds_asleep
from understudy.errors import ClockError, ModelEventError
from understudy.telemetry.models import TimerStart, measure


def test_a_start_is_a_moment_on_its_clock() -> None:
    """A number like any other, which measures on the clock that it was read from."""
    clock = StillClock(100.0)
    start = TimerStart(clock)
    clock.sleep(2.5)

    assert start == 100.0
    assert isinstance(start, float)
    assert measure(start, StillClock(7.0)) == 2.5


def test_a_start_that_forgot_its_clock_is_measured_on_ours() -> None:
    """It went through JSON, or arithmetic."""
    assert measure(100.0, StillClock(102.0)) == 2.0


def test_a_copy_of_a_start_is_a_number() -> None:
    """It can be stored anywhere."""
    start = TimerStart(StillClock(100.0))

    assert [type(each) for each in (deepcopy(start), pickle.loads(pickle.dumps(start)))] == [
        float,
        float,
    ]


def test_simulated_time_is_measured_as_such() -> None:
    """It costs nothing."""
    clock = VirtualClock()
    start = TimerStart(clock)
    clock.advance(3600)

    assert measure(start, RealClock()) == pytest.approx(3600, abs=1)


@pytest.mark.parametrize("start", [float("nan"), float("inf"), "12", None, True, 101.0])
def test_what_is_no_moment_of_the_past_is_refused(start: object) -> None:
    """Rather than a latency below zero, or one that is none."""
    with pytest.raises(ModelEventError, match="a time cannot be measured from"):
        measure(start, StillClock(100.0))  # type: ignore[arg-type]


@pytest.mark.parametrize(("slept", "is_known"), [(0.0, True), (0.9, True), (1.5, False)])
def test_no_time_is_measured_across_a_sleep_of_the_machine(slept: float, *, is_known: bool) -> None:
    """Its clock stood still meanwhile, and the other side's did not."""
    readings = iter([50.0, 50.0 + slept])
    start = TimerStart(StillClock(), asleep=lambda: next(readings))

    if is_known:
        assert measure(start, StillClock()) == 0.0
    else:
        with pytest.raises(ClockError, match=r"the machine slept for 1\.5 s"):
            measure(start, StillClock())


def test_where_nobody_knows_of_sleep_time_is_measured_all_the_same() -> None:
    """Some systems have no clock that tells."""
    start = TimerStart(StillClock(), asleep=lambda: None)

    assert measure(start, StillClock()) == 0.0


def test_the_machine_did_not_sleep_while_it_is_asked() -> None:
    """Both clocks of the system are read."""
    before, after = seconds_asleep(), seconds_asleep()

    assert before is None or after is None or 0 <= after - before + 0.1 < 1
