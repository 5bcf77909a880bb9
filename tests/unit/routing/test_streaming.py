"""Streams: until their first content another may be asked, and each has one end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.unit.routing.stand_ins import StandIn, ask, chunk, chunks, make_router

from understudy.routing import (
    Answer,
    Callbacks,
    FailoverPolicy,
    ProviderError,
    RetryPolicy,
    Router,
    StreamBrokenError,
)

ERROR = {"error": {"message": "overloaded", "type": "overloaded_error"}}
SICK_BEGINNINGS: dict[str, Any] = {
    "refused": ProviderError("down", status=503),
    "first event an error": [ERROR],
    "error after the role": [chunk(), ERROR],
    "nothing at all": [],
    "ends after the role": [chunk()],
    "only the end": ["[DONE]"],
    "no JSON": ["{", "[DONE]"],
    "cut before content": [chunk(), ConnectionResetError("gone")],
}
SICK_ENDINGS: dict[str, Any] = {
    "ends too early": [chunk(), chunk("a")],
    "says it is done too early": [chunk(), chunk("a"), "[DONE]"],
    "an error": [chunk(), chunk("a"), ERROR],
    "cut": [chunk(), chunk("a"), ConnectionResetError("gone")],
    "no JSON": [chunk(), chunk("a"), "{"],
}


def by_thread(router: Router, **more: Any) -> tuple[list[str], Any]:
    said: list[str] = []
    try:
        for piece in router.stream(ask(**more)):
            said.append(piece.text)
            if piece.done:
                return said, piece.answer
    except StreamBrokenError as error:
        return said, error
    return said, None


def by_task(router: Router, **more: Any) -> tuple[list[str], Any]:
    async def read() -> tuple[list[str], Any]:
        said: list[str] = []
        try:
            async for piece in router.astream(ask(**more)):
                said.append(piece.text)
                if piece.done:
                    return said, piece.answer
        except StreamBrokenError as error:
            return said, error
        return said, None

    return asyncio.run(read())


both = pytest.mark.parametrize("read", [by_thread, by_task])
Read = "Callable[..., tuple[list[str], Any]]"


def two(first: Any) -> tuple[StandIn, StandIn, Router]:
    providers = StandIn("a", first), StandIn("b", chunks("b"))
    router = make_router(*providers, registry={"*": "a"}, failover=FailoverPolicy(order=("b",)))
    return (*providers, router)


@both
def test_a_piece_is_an_event_and_the_last_one_is_done(read: Any) -> None:
    """The last one says what the whole was."""
    router = make_router(StandIn("a", chunks("Hel", "lo")))

    said, answer = read(router)

    assert said == ["", "Hel", "lo", "", "", ""]
    assert (answer.text, answer.provider, answer.cost_nanousd) == ("Hello", "a", 7_500_000)
    assert router.counters().provider_calls == 1
    assert router.health()["a"].in_flight == 0


@both
@pytest.mark.parametrize("beginning", SICK_BEGINNINGS.values(), ids=SICK_BEGINNINGS)
def test_until_the_first_content_another_is_asked(read: Any, beginning: Any) -> None:
    """Nobody hears of the first one."""
    first, _, router = two(beginning)

    said, answer = read(router)

    assert (said, answer.provider) == (["", "b", "", "", ""], "b")
    assert first.closed == 1
    assert router.health()["a"].failures == 1


@both
@pytest.mark.parametrize("ending", SICK_ENDINGS.values(), ids=SICK_ENDINGS)
def test_after_the_first_content_nobody_else_is_asked(read: Any, ending: Any) -> None:
    """The stream ends in an error, never as if it were whole, and is not kept."""
    first, second, router = two(ending)

    said, error = read(router)

    assert (said, second.calls) == (["", "a"], 0)
    assert isinstance(error, StreamBrokenError)
    assert (error.provider, error.text) == ("a", "a")
    assert first.closed == 1
    assert (router.health()["a"].failures, router.health()["a"].in_flight) == (1, 0)
    read(router)
    assert first.calls == 2


@both
def test_a_stream_may_end_without_saying_so(read: Any) -> None:
    """When the model has finished."""
    said, answer = read(make_router(StandIn("a", chunks("x"))))

    assert said[-1] == ""
    assert answer.is_whole


def test_one_who_leaves_pays_for_what_was_said() -> None:
    """As it is known, else by a guess, never nothing; and the provider is let go."""
    told: list[Answer] = []
    provider = StandIn("a", [chunk(), chunk("four letters and more"), *chunks("x")])
    router = make_router(provider, callbacks=Callbacks(on_answer=told.append))

    pieces = router.stream(ask())
    next(pieces)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]

    assert provider.closed == 1
    assert [(each.is_whole, each.completion.is_estimated) for each in told] == [(False, True)]
    counters = router.counters()
    assert counters.cost_nanousd == told[0].cost_nanousd
    assert counters.cost_nanousd > 0
    assert (counters.total_calls, counters.estimated_calls) == (1, 1)
    assert (router.health()["a"].in_flight, router.load().in_flight) == (0, 0)


async def test_a_task_that_leaves_lets_the_provider_go() -> None:
    """Between two pieces, and while it waits for one."""
    provider = StandIn("a", [chunk("x"), *chunks("y")])
    router = make_router(provider)

    pieces: Any = router.astream(ask())
    await anext(pieces)
    await pieces.aclose()
    waiting: Any = router.astream(ask())
    await anext(waiting)
    provider.hold()
    reading = asyncio.ensure_future(anext(waiting))
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await waiting.aclose()

    assert provider.closed == 2
    assert router.health()["a"].in_flight == 0
    assert router.counters().total_calls == 2


async def test_a_stream_that_stalls_is_broken() -> None:
    """Within the time that two events may lie apart."""
    provider = StandIn("a", [chunk("x"), *chunks("y")])
    router = make_router(provider, retry=RetryPolicy(stall_seconds=0.01))

    pieces: Any = router.astream(ask())
    await anext(pieces)
    provider.hold()
    with pytest.raises(StreamBrokenError) as caught:
        await anext(pieces)
    assert isinstance(caught.value.__cause__, TimeoutError)


@both
def test_a_stream_without_usage_is_booked_by_a_guess(read: Any) -> None:
    """Which is marked as one."""
    router = make_router(StandIn("a", chunks("twelve chars", usage=False)))

    _, answer = read(router)

    assert (answer.completion.is_estimated, answer.usage.output_tokens) == (True, 3)


@both
def test_tools_and_thoughts_are_content(read: Any) -> None:
    """Though they bring no text."""
    call = {
        "choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0}]}, "finish_reason": None}]
    }
    _first, second, router = two([chunk(), call, ConnectionResetError("gone")])

    said, error = read(router)

    assert (said, second.calls) == (["", ""], 0)
    assert isinstance(error, StreamBrokenError)


def test_a_stream_that_is_too_long_is_not_kept() -> None:
    """A megabyte is the most."""
    long = [chunk("x" * 300_000) for _ in range(5)]
    provider = StandIn("a", [*long, chunk("", finish="stop")])
    router = make_router(provider)

    by_thread(router)
    by_thread(router)

    assert provider.calls == 2
