"""What a profile may know of a call, and when lines are due."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.delays import Profile, Profiles, TimedCall, due_times
from understudy.errors import RegistrationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.delays import DelayProfile

MILLISECONDS = st.integers(0, 10_000)


class Listed:
    """A profile of the user's that gives a list."""

    def __init__(self, *delays: float) -> None:
        self.list = delays

    def delays(self, _: TimedCall) -> Iterator[float]:
        """Yield it."""
        yield from self.list


def offsets(profile: DelayProfile, *, lines: int) -> tuple[float, ...]:
    """Return when each of the lines is due."""
    return tuple(islice(due_times(profile, TimedCall()), lines))


@pytest.mark.parametrize(
    ("name", "last"),
    [("instant", 0.0), ("realistic_l2", 2.1), ("realistic_l3", 2.85), ("slow", 7.5)],
)
def test_the_last_of_ten_lines(name: str, last: float) -> None:
    """1500 + 9 x 150 = 2850 ms, exactly."""
    assert offsets(Profiles.default().get(name), lines=10)[-1] == last


def test_the_first_line_comes_at_the_think_time() -> None:
    """Not a delay later."""
    profile = Profiles.default().get("realistic_l3")

    assert offsets(profile, lines=3) == (1.5, 1.65, 1.8)


@given(think=MILLISECONDS, per_line=MILLISECONDS, lines=st.integers(1, 300))
def test_offsets_of_constants_are_exact(think: int, per_line: int, lines: int) -> None:
    """Each is the float nearest to the true sum, however many lines came before."""
    profile = Profile(think_ms=think, per_line_ms=per_line)

    times = offsets(profile, lines=lines)

    exact = [Fraction(think + per_line * index, 1000) for index in range(lines)]
    assert times == tuple(map(float, exact))


@given(delays=st.lists(st.floats(0, 86_400), max_size=40), lines=st.integers(0, 60))
def test_offsets_never_go_back(delays: list[float], lines: int) -> None:
    """As many as asked for, each at or after the one before it."""
    times = offsets(Listed(*delays), lines=lines)

    assert len(times) == lines
    assert list(times) == sorted(times)
    assert all(time >= 0 for time in times)


def test_lines_after_the_last_delay_come_at_once() -> None:
    """A profile may end."""
    assert offsets(Listed(1, 0.5), lines=4) == (1, 1.5, 1.5, 1.5)


def test_a_profile_without_a_delay_is_instant() -> None:
    """Nothing said is nothing waited."""
    assert offsets(Listed(), lines=2) == (0, 0)


def test_due_times_are_drawn_one_by_one() -> None:
    """A delay is not drawn before its line is asked for."""
    drawn: list[float] = []

    class Watched:
        def delays(self, _: TimedCall) -> Iterator[float]:
            while True:
                drawn.append(0.25)
                yield 0.25

    times = due_times(Watched(), TimedCall())

    assert list(islice(times, 2)) == [0.25, 0.5]
    assert len(drawn) == 2


@pytest.mark.parametrize("wrong", [-0.001, float("nan"), float("inf"), 86_401])
def test_a_wrong_delay_names_its_profile(wrong: float) -> None:
    """A profile of the user's own is not trusted."""
    with pytest.raises(RegistrationError, match=r"Listed object at .* gave a delay of"):
        offsets(Listed(0.1, wrong), lines=2)


def test_numbers_do_not_depend_on_the_process() -> None:
    """Hash randomisation of strings plays no part."""
    code = "from understudy.delays import TimedCall; print(TimedCall('x').random.random())"

    printed = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout

    assert float(printed) == TimedCall("x").random.random()


def test_a_call_has_one_source_of_numbers() -> None:
    """Later draws go on where earlier ones ended."""
    call = TimedCall("x")

    assert call.random is call.random


def test_a_call_is_alone_by_default() -> None:
    """Nobody else is in flight."""
    assert TimedCall().in_flight() == 1
