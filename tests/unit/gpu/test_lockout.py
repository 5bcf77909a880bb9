"""When the loading of models is locked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from understudy.gpu import Lockout

READINGS = st.lists(st.floats(0, 200), max_size=50)


def judged(readings: list[float], threshold: float = 100) -> list[str | None]:
    """Return the transitions that readings of one GPU make."""
    lockout = Lockout()
    return [lockout.judge("gpu:1", free=free, threshold=threshold) for free in readings]


def test_it_is_locked_below_the_threshold_and_released_a_tenth_above() -> None:
    """Only the transitions are told."""
    assert judged([150, 100, 99.9, 50, 100, 109.9, 110, 200]) == [
        None,
        None,
        "locked",
        None,
        None,
        None,
        "released",
        None,
    ]


@given(READINGS)
def test_transitions_take_turns(readings: list[float]) -> None:
    """Whatever is read, the first is a lock."""
    told = [each for each in judged(readings) if each]

    expected: list[Literal["locked", "released"]] = ["locked", "released"]
    assert told == [expected[place % 2] for place in range(len(told))]


@given(READINGS)
def test_what_is_released_has_a_tenth_more_than_what_locks(readings: list[float]) -> None:
    """So that no flicker about the threshold is a transition."""
    for free, told in zip(readings, judged(readings), strict=True):
        assert told is None or (free < 100 if told == "locked" else free >= 110)


def test_each_gpu_and_threshold_is_judged_for_itself() -> None:
    """A small model may be loaded where a large one may not."""
    lockout = Lockout()
    lockout.judge("gpu:1", free=50, threshold=100)

    assert lockout.is_locked("gpu:1", 100)
    assert not lockout.is_locked("gpu:1", 40)
    assert not lockout.is_locked("gpu:2", 100)


def test_of_many_threads_one_is_told_of_a_transition() -> None:
    """Both ways."""
    lockout = Lockout()
    with ThreadPoolExecutor(50) as pool:
        for free in (50.0, 150.0):
            judge = partial(lockout.judge, "gpu:1", free=free, threshold=100.0)
            told = [future.result() for future in [pool.submit(judge) for _ in range(200)]]

            assert len([each for each in told if each]) == 1
