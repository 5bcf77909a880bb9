"""Both players: moments, ends, time-outs."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.playback.manual_clock import ManualClock
from tests.unit.playback.plays import Play, play_async, play_sync

from understudy.clock import RealClock
from understudy.playback import (
    AsyncPlayer,
    Break,
    Breakage,
    Broken,
    GivenUp,
    Playback,
    Player,
    Silence,
)

if TYPE_CHECKING:
    from collections.abc import Callable

both = pytest.mark.parametrize("play", [play_sync, play_async], ids=["sync", "async"])
CHUNKS = ((1.5, b"a"), (1.5, b"b"), (1.65, b"c"))
ANSWER = Playback(status=200, headers=(("x", "1"),), head_at=1.5, chunks=CHUNKS)


@both
def test_each_chunk_comes_at_its_moment(play: Play) -> None:
    """Moments count from the beginning of the request."""
    played = play(ANSWER, ManualClock())

    assert played.chunks == [(1.5, b"a"), (1.5, b"b"), (1.65, b"c")]


@both
def test_chunks_of_one_moment_are_waited_for_once(play: Play) -> None:
    """The clock is asked for each moment, not for each chunk."""
    clock = ManualClock(now=10.0)

    play(ANSWER, clock)

    assert clock.waits == [11.5, 11.65]


@both
def test_what_is_due_at_once_is_not_waited_for(play: Play) -> None:
    """The instant profile asks no clock."""
    clock = ManualClock()

    play(Playback(status=200, chunks=((0.0, b"a"),)), clock)

    assert clock.waits == []


@both
@pytest.mark.parametrize("read_timeout", [None, 1.0, 2.0])
@pytest.mark.parametrize("broken", [None, Break(kind=Breakage.RESET)])
@pytest.mark.parametrize("last", [1.5, 4.0])
def test_chunks_that_are_drawn_come_like_those_that_are_known(
    play: Play, last: float, broken: Break | None, read_timeout: float | None
) -> None:
    """All at once or not, broken off or not, in time or not."""
    pieces = [(1.5, b"a"), (last, b"b")]
    known, drawn = (
        play(
            Playback(status=200, head_at=1.5, chunks=chunks, broken=broken),
            ManualClock(),
            read_timeout=read_timeout,
        )
        for chunks in (pieces, iter(pieces))
    )

    assert (known.chunks, repr(known.broken)) == (drawn.chunks, repr(drawn.broken))


@both
def test_what_is_late_is_not_put_later(play: Play) -> None:
    """Deadlines are absolute: a client that was busy gets the rest on time."""
    clock = ManualClock()

    class Late(ManualClock):
        def sleep_until(self, moment: float) -> None:
            super().sleep_until(moment)
            self.moment += 0.05

    late = Late(now=clock.now())
    played = play(ANSWER, late)

    assert [at for at, _ in played.chunks] == [1.55, 1.55, 1.7]


def test_the_head_is_waited_for_apart() -> None:
    """Status and headers come before the body, at a moment of their own."""
    clock = ManualClock(now=0.0)
    player = Player(ANSWER, clock, began=0.0)

    player.wait_for_head()

    assert (player.status, player.headers, clock.now()) == (200, (("x", "1"),), 1.5)
    assert list(player) == [b"a", b"b", b"c"]


async def test_the_head_is_awaited_apart() -> None:
    """Status and headers come before the body, at a moment of their own."""
    clock = ManualClock(now=0.0)
    player = AsyncPlayer(ANSWER, clock, began=0.0)

    await player.wait_for_head()
    await player.wait_for_head()

    assert (player.status, player.headers, clock.now()) == (200, (("x", "1"),), 1.5)
    assert [data async for data in player] == [b"a", b"b", b"c"]


def test_an_answer_is_read_once() -> None:
    """Who reads on after the end gets nothing more."""
    player = Player(ANSWER, ManualClock(), began=0.0)

    assert len(list(player)) == 3
    assert list(player) == []


async def test_an_answer_is_read_once_by_who_awaits() -> None:
    """Who reads on after the end gets nothing more."""
    player = AsyncPlayer(ANSWER, ManualClock(), began=0.0)

    assert len([data async for data in player]) == 3
    assert [data async for data in player] == []


def test_a_second_loop_goes_on() -> None:
    """A reader that stopped in the middle gets the rest."""
    player = Player(ANSWER, ManualClock(), began=0.0)

    assert next(iter(player)) == b"a"
    assert list(player) == [b"b", b"c"]


BROKEN = [
    pytest.param(Break(kind=Breakage.RESET), 1.65, id="at-once"),
    pytest.param(Break(kind=Breakage.PEER_DROP, after=2.0), 3.65, id="after-a-silence"),
]


@both
@pytest.mark.parametrize(("broken", "at"), BROKEN)
def test_a_connection_breaks_after_what_was_sent(play: Play, broken: Break, at: float) -> None:
    """The chunks come first."""
    clock = ManualClock(now=0.0)

    played = play(
        Playback(status=200, head_at=1.5, chunks=CHUNKS, broken=broken), clock, read_timeout=10.0
    )

    assert len(played.chunks) == 3
    assert played.broken is not None
    assert (played.broken.kind, clock.now()) == (broken.kind, at)


@both
def test_a_connection_breaks_in_the_place_of_the_head(play: Play) -> None:
    """Nothing comes."""
    refused = Break(kind=Breakage.CONNECTION_REFUSED, before_head=True)

    played = play(Playback(status=0, chunks=CHUNKS, broken=refused), ManualClock())

    assert played.chunks == []
    assert played.broken is not None
    assert str(played.broken) == "connection refused"


@both
@pytest.mark.parametrize(
    ("name", "timeout", "after", "at"),
    [
        pytest.param("virtual", 5.0, None, 5.0, id="the-clients-own"),
        pytest.param("virtual", None, None, 600.0, id="a-client-without-one"),
        pytest.param("virtual", 5.0, 2.0, 2.0, id="sooner"),
        pytest.param("virtual", 5.0, 9.0, 5.0, id="no-later-than-the-clients"),
        pytest.param("real", 5.0, None, 0.0, id="at-once-where-it-would-cost-time"),
        pytest.param("real", 5.0, 2.0, 2.0, id="told"),
    ],
)
def test_a_silence_ends_with_a_read_time_out(
    play: Play,
    name: Literal["real", "virtual"],
    timeout: float | None,
    after: float | None,
    at: float,
) -> None:
    """It comes when the client's own has passed, or when it is told to."""
    clock = ManualClock(now=0.0, name=name)
    silent = Break(kind=Breakage.READ_TIMEOUT, before_head=True, after=after)

    played = play(Playback(status=0, broken=silent), clock, read_timeout=timeout)

    assert played.broken is not None
    assert (played.broken.kind, clock.now()) == (Breakage.READ_TIMEOUT, at)


@both
@pytest.mark.parametrize(
    ("answer", "count", "at"),
    [
        pytest.param(Playback(status=200, head_at=1.5), 0, 1.0, id="before-the-head"),
        pytest.param(Playback(status=200, chunks=((0.9, b"a"), (2, b"b"))), 1, 1.9),
        pytest.param(
            Playback(status=200, chunks=CHUNKS[:0], broken=Break(kind=Breakage.RESET, after=1.5)),
            0,
            1.0,
            id="before-another-breakage",
        ),
    ],
)
def test_a_gap_longer_than_the_read_time_out_ends_the_answer(
    play: Play, answer: Playback, count: int, at: float
) -> None:
    """Exactly when the time-out has passed since the last bytes."""
    clock = ManualClock(now=0.0)

    played = play(answer, clock, read_timeout=1.0)

    assert len(played.chunks) == count
    assert played.broken is not None
    assert (played.broken.kind, clock.now()) == (Breakage.READ_TIMEOUT, at)


@both
def test_a_gap_of_exactly_the_read_time_out_is_borne(play: Play) -> None:
    """Only what is longer times out."""
    played = play(Playback(status=200, chunks=((1.0, b"a"),)), ManualClock(), read_timeout=1.0)

    assert played.chunks == [(1.0, b"a")]


@both
@pytest.mark.parametrize("broken", [None, Break(kind=Breakage.RESET)])
def test_an_end_is_told_once(play: Play, broken: Break | None) -> None:
    """With what broke the connection."""
    ends: list[Broken | None] = []

    play(Playback(status=200, broken=broken), ManualClock(), on_end=ends.append)

    assert [end and end.kind for end in ends] == [broken and broken.kind]


@pytest.mark.parametrize("kind", [Player, AsyncPlayer])
def test_who_closes_gives_the_rest_up(kind: Callable[..., Any]) -> None:
    """Closing tells the end, once."""
    ends: list[Broken | None] = []
    player = kind(ANSWER, ManualClock(), began=0.0, on_end=ends.append)

    player.close()
    player.close()

    assert ends == [None]


def test_a_closed_answer_brings_nothing_more() -> None:
    """A thread that waits for the next chunk of it stops."""
    player = Player(ANSWER, ManualClock(), began=0.0)
    next(iter(player))

    player.close()

    assert list(player) == []


async def test_a_closed_answer_brings_nothing_more_to_who_awaits() -> None:
    """Also where it is closed while somebody waits for a chunk."""
    clock = ManualClock(now=0.0)
    player = AsyncPlayer(ANSWER, clock, began=0.0)
    await anext(player)
    await anext(player)

    async def close_meanwhile(moment: float) -> None:
        await player.aclose()

    clock.async_sleep_until = close_meanwhile  # type: ignore[method-assign]

    assert [data async for data in player] == []


async def test_a_cancelled_reader_may_read_on() -> None:
    """What it waited for is not lost."""
    clock = ManualClock(now=0.0)
    never = asyncio.Event()
    player = AsyncPlayer(ANSWER, clock, began=0.0)
    assert [await anext(player), await anext(player)] == [b"a", b"b"]
    jump = clock.async_sleep_until

    async def stall(moment: float) -> None:
        await never.wait()

    clock.async_sleep_until = stall  # type: ignore[method-assign]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(player), 0.01)
    clock.async_sleep_until = jump  # type: ignore[method-assign]

    assert [data async for data in player] == [b"c"]


async def test_who_gives_up_waiting_for_the_head_gives_the_answer_up() -> None:
    """There is no response that anybody could close."""
    ends: list[Broken | None] = []
    clock = ManualClock(now=0.0)
    player = AsyncPlayer(ANSWER, clock, began=0.0, on_end=ends.append)

    async def cancel(moment: float) -> None:
        raise asyncio.CancelledError

    clock.async_sleep_until = cancel  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await player.wait_for_head()

    assert ends == [None]


def test_an_interrupt_while_waiting_for_the_head_ends_the_answer() -> None:
    """As the user stops the run."""
    ends: list[Broken | None] = []
    clock = ManualClock(now=0.0)
    player = Player(ANSWER, clock, began=0.0, on_end=ends.append)

    def interrupt(moment: float) -> None:
        raise KeyboardInterrupt

    clock.sleep_until = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        player.wait_for_head()

    assert ends == [None]


@both
@given(
    gaps=st.lists(st.integers(0, 2000), max_size=8),
    timeout=st.none() | st.integers(1, 2000),
)
def test_no_gap_is_longer_than_the_read_time_out(
    play: Play, gaps: list[int], timeout: int | None
) -> None:
    """Whatever the schedule: all of it comes, or it ends when the client's patience does."""
    moments = [sum(gaps[: place + 1]) / 1000 for place in range(len(gaps))]
    answer = Playback(status=200, chunks=[(at, b"x") for at in moments])
    patience = None if timeout is None else timeout / 1000
    clock = ManualClock(now=0.0)

    played = play(answer, clock, read_timeout=patience)

    whole = next(
        (
            place
            for place in range(len(gaps))
            if patience is not None
            and moments[place] - (moments[place - 1] if place else 0.0) > patience
        ),
        None,
    )
    assert [at for at, _ in played.chunks] == [round(at, 9) for at in moments[:whole]]
    assert (played.broken is None) == (whole is None)


def silent(*, is_over: bool = False, before_head: bool = False) -> Playback:
    """Return an answer that the application is to give up."""
    over = Event()
    if is_over:
        over.set()
    silence = Silence(
        seconds=0.1, outlasted=lambda: KeyError("outlasted"), is_over=over, before_head=before_head
    )
    return Playback(status=200, chunks=[(0.0, b"a")], silence=silence)


@pytest.mark.parametrize("name", ["real", "virtual"])
@pytest.mark.parametrize("before_head", [True, False])
@both
def test_a_silence_that_is_outlasted_says_so(
    play: Play, name: Literal["real", "virtual"], *, before_head: bool
) -> None:
    """In the place of the head, or after what came."""
    with pytest.raises(KeyError, match="outlasted"):
        play(silent(before_head=before_head), ManualClock(name=name))


def test_a_thread_in_a_silence_ends_where_nobody_waits_for_it() -> None:
    """As soon as it is over, or where another thread closes the answer."""
    over = Player(silent(is_over=True), ManualClock(name="real"), began=0.0)
    closed = Player(silent(), ManualClock(name="real"), began=0.0)

    with pytest.raises(GivenUp):
        list(over)
    assert next(iter(closed)) == b"a"
    closed.close()
    assert list(closed) == []


async def test_a_task_in_a_silence_is_cancelled_where_it_is_over() -> None:
    """One that is cancelled before may read on, and waits again."""
    over = AsyncPlayer(silent(is_over=True), ManualClock(name="real"), began=0.0)
    again = AsyncPlayer(silent(), RealClock(), began=RealClock().now())

    assert await anext(over) == b"a"
    with pytest.raises(asyncio.CancelledError):
        await anext(over)
    assert await anext(again) == b"a"
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(again), 0.01)
    with pytest.raises(KeyError, match="outlasted"):
        await anext(again)
