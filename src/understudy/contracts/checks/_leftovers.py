"""What is over, or was left, leaves nothing behind: no place, no call, no memory."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from .._check import check
from .._lacks import Lacks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from .._rig import Rig

_LIMIT: Final = 2
_LONG: Final = 60.0
_BYTES: Final = 30_000
_FIRST: Final = 2
_FURTHER: Final = 8
_LOOKS: Final = 10


async def _answered(rig: Rig, text: str) -> None:
    await rig.ask(text)


async def _failed(rig: Rig, text: str) -> None:
    rig["openai"].fail(1, status=400)
    await rig.failing(text)


async def _left(rig: Rig, text: str) -> None:
    await rig.taste(text)


_ENDINGS: Final = {"answered": _answered, "failed": _failed, "left": _left}


class LeftoverChecks:
    """Whoever is gone holds nothing any more."""

    @pytest.mark.parametrize("what", ["answer", "stream"])
    @check("limits", level=5)
    async def test_who_leaves_takes_no_place(self, rig: Rig, what: str) -> None:
        """With room for two, two leave, and two others are let through.

        Usual cause of a failure: the place is given back after the answer, and not however the
        request ends (maximhq/bifrost#828).
        """
        rig.build(limit=_LIMIT)
        await (_leave_streams(rig) if what == "stream" else _leave_answers(rig))

        later = [rig.begin(f"later {number}") for number in range(_LIMIT)]
        _, waiting = await asyncio.wait(later, timeout=_LONG)
        for task in waiting:
            task.cancel()
        ended = await asyncio.gather(*later, return_exceptions=True)

        rig.check_asked()
        assert not waiting, f"{_LIMIT} had left, and {len(waiting)} others waited for their places"
        for error in ended:
            assert not isinstance(error, Exception), f"{_LIMIT} had left: {error!r}"

    @check("streaming", level=5)
    async def test_a_stream_may_be_left_before_it_says_anything(self, rig: Rig) -> None:
        """Who waits for the first word and goes takes the call of the provider along.

        Usual cause of a failure: the stream is closed where it is read, and it is not read yet
        (maximhq/bifrost#6802).
        """
        rig.build()
        rig.check_leaving()
        rig["openai"].hold()
        task = rig.begin_stream()
        await rig.arrived("openai", 1)

        await rig.leave(task)
        await rig.settle()

        assert rig["openai"].leavers == 1, "the reader has left, and the call goes on"

    @pytest.mark.parametrize("ending", _ENDINGS)
    @check("memory", level=5)
    async def test_nothing_stays_of_what_is_over(self, rig: Rig, ending: str) -> None:
        """Long requests that were answered, failed or were left need no memory afterwards.

        Usual cause of a failure: they pile up in a list of callbacks, a log, or a table of what
        is under way (litellm#14681, #12685, #6404).
        """
        rig.build()
        if rig.adapter.real_time:
            msg = "its memory is that of another process"
            raise Lacks(msg)

        most = _FURTHER * _BYTES // 2
        grown = await _growth(rig, _ENDINGS[ending], most)

        rig.check_asked()
        assert grown < most, (
            f"{_FURTHER} requests of {_BYTES // 1000} KB that {ending} hold {grown // 1000} KB"
        )


async def _leave_answers(rig: Rig) -> None:
    """Let requests fill the router, and leave before they are answered."""
    rig.check_leaving()
    rig["openai"].hold()
    tasks = [rig.begin(f"request {number}") for number in range(_LIMIT)]
    await rig.arrived("openai", _LIMIT)
    for task in tasks:
        await rig.leave(task)
    rig["openai"].release()
    await rig.settle()


async def _leave_streams(rig: Rig) -> None:
    """Leave as many streams as the router lets through."""
    for _ in range(_LIMIT):
        await rig.taste()
    await rig.settle()


async def _growth(rig: Rig, ask: Callable[[Rig, str], Awaitable[None]], most: int) -> int:
    """Return the bytes that requests hold when they are over, after some first ones."""
    before = 0
    with _traced():
        for number in range(_FIRST + _FURTHER):
            if number == _FIRST:
                before = _size(rig)
            await ask(rig, f"{number} " + "word " * (_BYTES // 5))
        grown = _size(rig) - before
        for _ in range(_LOOKS):
            if grown < most:
                break
            gc.collect()
            await rig.settle()  # threads end, and streams that nobody holds are closed
            grown = _size(rig) - before
    return grown


def _size(rig: Rig) -> int:
    """Return the bytes that are in use, without what the mock providers remember."""
    rig.forget_calls()
    gc.collect(1)  # what is young is quickly done, and most is
    return tracemalloc.get_traced_memory()[0]


@contextmanager
def _traced() -> Iterator[None]:
    """Count the memory that is allocated, as whoever does so already.

    What was there before is not looked through for garbage, which takes long in a large process.
    """
    was_on, was_frozen = tracemalloc.is_tracing(), gc.get_freeze_count() > 0
    if not was_on:
        tracemalloc.start()
    if not was_frozen:
        gc.freeze()
    try:
        yield
    finally:
        if not was_frozen:
            gc.unfreeze()
        if not was_on:
            tracemalloc.stop()
