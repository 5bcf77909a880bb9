"""How many requests may be with providers, and what becomes of the others."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from tests.unit.routing.stand_ins import StandIn, ask, chunks, make_router

from understudy.clock import RealClock
from understudy.routing import LimitPolicy, SaturatedError


async def turns() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


async def test_only_so_many_are_with_providers() -> None:
    """The others wait in line, first come first served."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, limit=LimitPolicy(in_flight=2))
    asked = [asyncio.ensure_future(router.acomplete(ask(text=str(n)))) for n in range(5)]
    await turns()

    assert (router.load().in_flight, router.load().waiting, provider.calls) == (2, 3, 2)
    provider.release()
    await asyncio.gather(*asked)
    assert [body["messages"][0]["content"] for body in provider.asked] == list("01234")
    assert (router.load().in_flight, router.load().waiting) == (0, 0)


async def test_a_line_has_an_end() -> None:
    """Who does not find a place is sent away at once, and told when to come back."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, limit=LimitPolicy(in_flight=1, waiting=1, wait_seconds=7))
    asked = [asyncio.ensure_future(router.acomplete(ask(text=str(n)))) for n in range(2)]
    await turns()

    with pytest.raises(SaturatedError, match="1 requests are with providers and 1 wait") as caught:
        await router.acomplete(ask(text="third"))
    assert caught.value.retry_after == 7
    assert router.counters().refused == 1
    provider.release()
    await asyncio.gather(*asked)


async def test_a_wait_has_an_end() -> None:
    """The place in line is free again."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, limit=LimitPolicy(in_flight=1, wait_seconds=0.01))
    first = asyncio.ensure_future(router.acomplete(ask(text="1")))
    await turns()

    with pytest.raises(SaturatedError, match=r"waited in line for 0\.01 s"):
        await router.acomplete(ask(text="2"))
    assert router.load().waiting == 0
    provider.release()
    await first


async def test_who_leaves_the_line_takes_no_place() -> None:
    """Nor does one whose turn had just come."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, limit=LimitPolicy(in_flight=1))
    asked = [asyncio.ensure_future(router.acomplete(ask(text=str(n)))) for n in range(4)]
    await turns()
    asked[1].cancel()
    await turns()
    provider.release()
    await asyncio.gather(*asked, return_exceptions=True)

    assert (provider.calls, router.load().in_flight) == (3, 0)


async def test_answers_that_are_there_need_no_place() -> None:
    """However full it is."""
    provider = StandIn("a")
    router = make_router(provider, limit=LimitPolicy(in_flight=1, waiting=0))
    await router.acomplete(ask(text="kept"))
    provider.hold()
    first = asyncio.ensure_future(router.acomplete(ask(text="other")))
    await turns()

    assert (await router.acomplete(ask(text="kept"))).cache == "hit"
    provider.release()
    await first


def test_a_place_that_is_free_by_now_is_taken() -> None:
    """Between looking for one and standing in line."""
    core = make_router(StandIn("a"), limit=LimitPolicy(in_flight=1))._core
    told: list[bool] = []

    core.line_up("who", lambda: told.append(True))

    assert told == [True]
    assert core.admission.load(0).in_flight == 1


def test_a_stream_keeps_its_place_to_its_end() -> None:
    """However it ends."""
    router = make_router(StandIn("a", chunks("x")), limit=LimitPolicy(in_flight=1, waiting=0))

    pieces = router.stream(ask())
    next(pieces)
    with pytest.raises(SaturatedError):
        router.complete(ask())
    pieces.close()  # type: ignore[attr-defined]
    assert list(router.stream(ask()))[-1].done


def test_threads_wait_in_line_too() -> None:
    """And go on when a place is free."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, limit=LimitPolicy(in_flight=2), clock=RealClock())  # type: ignore[arg-type]
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(router.complete, ask(text=str(n))) for n in range(6)]
        end = monotonic() + 5
        while router.load().waiting < 4:
            assert monotonic() < end
        assert router.load().longest_wait >= 0
        provider.release()
        assert {each.result().cache for each in asked} == {"miss"}
    assert router.load().in_flight == 0


def test_a_thread_waits_no_longer_than_it_may() -> None:
    """Then it is sent away."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, limit=LimitPolicy(in_flight=1, wait_seconds=0.01))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(router.complete, ask(text="1"))
        while not provider.calls:
            pass
        with pytest.raises(SaturatedError):
            router.complete(ask(text="2"))
        provider.release()
        first.result()
