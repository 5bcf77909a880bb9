"""The simulated time of each thread."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from understudy.clock._timelines import FREE_MOVES, Timeline, Timelines

if TYPE_CHECKING:
    from collections.abc import Callable

MOMENTS = st.lists(st.floats(0, 1e6), min_size=1)


def in_thread(act: Callable[[], object]) -> None:
    """Run `act` in another thread, to its end."""
    thread = Thread(target=act)
    thread.start()
    thread.join()


@given(MOMENTS)
def test_moving_never_goes_back(moments: list[float]) -> None:
    """A line is at the latest moment that it was moved to."""
    line = Timeline(0.0)

    for moment in moments:
        line.move_to(moment)

    assert line.now == max(moments)


@given(MOMENTS)
def test_starting_over_forgets_nothing(moments: list[float]) -> None:
    """A thread that takes up earlier work still knows the latest moment it reached."""
    line = Timeline(0.0)

    for moment in moments:
        line.start_over(moment)

    assert (line.now, line.latest) == (moments[-1], max(moments))


def test_each_thread_has_its_own_line() -> None:
    """What one thread sleeps is not slept by another."""
    lines = Timelines(10.0)
    lines.here().now = 99.0
    others: list[float] = []

    in_thread(lambda: others.append(lines.here().now))

    assert others == [10.0]


def test_a_finished_thread_leaves_no_line_behind() -> None:
    """Ids of threads are given out again."""
    lines = Timelines(0.0)

    in_thread(lambda: (lines.begin(5.0), lines.finish()))

    assert list(lines) == []


def test_a_thread_without_a_line_finishes_at_the_start() -> None:
    """It never asked for the time."""
    assert Timelines(3.0).finish() == 3.0


def test_restarting_goes_on_from_the_latest_line() -> None:
    """Time does not go back from one run of a clock to the next."""
    lines = Timelines(0.0)
    lines.here().now = 7.0
    in_thread(lambda: (lines.begin(8.0), lines.finish()))

    lines.restart(2.0)

    assert lines.here().now == 8.0


def test_restarting_later_begins_with_the_next_whole_second() -> None:
    """The machine's time has overtaken the simulated one."""
    lines = Timelines(0.0)

    lines.restart(2.25)

    assert lines.here().now == 3.0


def background_tolls(lines: Timelines, moves: int) -> list[float]:
    """Return what each move of a thread in the background costs."""
    tolls: list[float] = []
    in_thread(lambda: tolls.extend(lines.toll() for _ in range(moves)))
    return tolls


def test_moves_of_the_foreground_are_free() -> None:
    """A test may sleep as often as it likes."""
    lines = Timelines(0.0)

    assert {lines.toll() for _ in range(2 * FREE_MOVES)} == {0.0}


def test_a_thread_that_idles_in_the_background_pays() -> None:
    """The heartbeat of a server must not keep a processor busy."""
    tolls = background_tolls(Timelines(0.0), FREE_MOVES + 1)

    assert set(tolls[:-1]) == {0.0}
    assert tolls[-1] > 0


def test_what_somebody_waits_for_is_no_idling() -> None:
    """A long job in a thread is as fast as in the foreground."""
    lines = Timelines(0.0)

    with lines.waiting():
        tolls = background_tolls(lines, FREE_MOVES + 1)

    assert set(tolls) == {0.0}


def test_hearing_from_outside_ends_the_idling() -> None:
    """A server that answers a request works."""
    lines = Timelines(0.0)
    tolls: list[float] = []

    def serve() -> None:
        for _ in range(3):
            tolls.extend(lines.toll() for _ in range(FREE_MOVES - 1))
            lines.here().hear()

    in_thread(serve)

    assert set(tolls) == {0.0}


def test_a_thread_may_end_while_time_begins_anew() -> None:
    """Its line goes in the middle of the look at all of them."""
    lines = Timelines(100.0)

    class Ending:
        @property
        def latest(self) -> float:
            lines.pop(2, None)
            return 200.0

    lines[1], lines[2] = Ending(), Timeline(300.0)  # type: ignore[assignment]

    lines.restart(150.0)

    assert lines.start == 300.0
