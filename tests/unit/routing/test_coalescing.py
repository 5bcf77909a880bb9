"""Equal requests at the same time share one call."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.routing.stand_ins import ManualClock, StandIn, answer, ask, make_router

from understudy.clock import RealClock
from understudy.routing import (
    AllFailedError,
    DeadlineError,
    MemoryCache,
    ProviderError,
    RetryPolicy,
)

if TYPE_CHECKING:
    from collections.abc import Callable


async def turns(number: int = 6) -> None:
    """Let the other tasks go on."""
    for _ in range(number):
        await asyncio.sleep(0)


def until(true: Callable[[], bool]) -> None:
    end = monotonic() + 5
    while not true():
        assert monotonic() < end


async def test_equal_requests_share_one_call() -> None:
    """One is answered, the others join it and save what it cost."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, cache=False)
    asked = [asyncio.ensure_future(router.acomplete(ask())) for _ in range(5)]
    await turns()
    provider.release()

    said = await asyncio.gather(*asked)

    assert provider.calls == 1
    assert [each.cache for each in said] == ["miss"] + ["coalesced"] * 4
    counters = router.counters()
    assert (counters.total_calls, counters.cache_hits, counters.coalesced) == (5, 4, 4)
    assert (counters.cost_nanousd, counters.saved_nanousd) == (7_500_000, 30_000_000)


@pytest.mark.parametrize("leavers", [{0}, {1, 2}, {0, 1, 2}])
async def test_who_leaves_takes_nobody_along(leavers: set[int]) -> None:
    """Not even the first one, who began it."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider)
    asked = [asyncio.ensure_future(router.acomplete(ask())) for _ in range(4)]
    await turns()
    for place in leavers:
        asked[place].cancel()
    await turns()
    provider.release()

    said = await asyncio.gather(*asked, return_exceptions=True)

    assert [isinstance(each, asyncio.CancelledError) for each in said] == [
        place in leavers for place in range(4)
    ]
    assert provider.calls == 1
    counters = router.counters()
    assert counters.total_calls == counters.cache_hits + counters.provider_calls


async def test_the_last_one_to_leave_ends_the_call() -> None:
    """Nobody waits for it any more; who comes then begins another."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider)
    asked = [asyncio.ensure_future(router.acomplete(ask())) for _ in range(3)]
    await turns()
    for each in asked:
        each.cancel()
    await turns(12)

    assert router.health()["a"].in_flight == 0
    provider.release()
    assert (await router.acomplete(ask())).cache == "miss"
    assert provider.calls == 2


async def test_a_failure_goes_to_all_and_is_not_kept() -> None:
    """Who asks later has better luck."""
    provider = StandIn("a", ProviderError("no", status=500), answer())
    provider.hold()
    router = make_router(provider, retry=RetryPolicy(retries=0))
    asked = [asyncio.ensure_future(router.acomplete(ask())) for _ in range(3)]

    said = await asyncio.gather(*asked, return_exceptions=True)
    provider.release()

    assert [type(each) for each in said] == [AllFailedError] * 3
    assert (await router.acomplete(ask())).text == "Hello."


class OutOfTheOrdinary(BaseException):
    """What is no error of a provider, such as a call that no mock answers."""


async def test_what_is_no_failure_goes_to_all_as_it_is() -> None:
    """It is not tried again."""
    provider = StandIn("a", OutOfTheOrdinary())
    router = make_router(provider)

    said = await asyncio.gather(
        *[router.acomplete(ask()) for _ in range(2)], return_exceptions=True
    )

    assert [type(each) for each in said] == [OutOfTheOrdinary] * 2
    assert provider.calls == 1
    with pytest.raises(OutOfTheOrdinary):
        router.complete(ask())
    assert router.health()["a"].in_flight == 0


async def test_who_wants_an_answer_of_its_own_shares_none() -> None:
    """Whatever is under way."""
    provider = StandIn("a", answer("1"), answer("2"))
    router = make_router(provider)

    said = await asyncio.gather(*[router.acomplete(ask(), fresh=True) for _ in range(2)])

    assert [each.text for each in said] == ["1", "2"]


async def test_one_who_waits_has_a_deadline() -> None:
    """Of its own."""
    clock, provider = ManualClock(), StandIn("a")
    provider.hold()
    router = make_router(provider, clock=clock, retry=RetryPolicy(deadline_seconds=0.05))
    first = asyncio.ensure_future(router.acomplete(ask()))
    await turns()

    with pytest.raises((DeadlineError, AllFailedError)):
        await router.acomplete(ask())
    await asyncio.gather(first, return_exceptions=True)


def test_threads_share_calls_as_well() -> None:
    """Without an event loop."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, cache=False)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(router.complete, ask()) for _ in range(8)]
        until(lambda: len(_waiting(router)) == 7)
        provider.release()
        said = [each.result() for each in asked]

    assert provider.calls == 1
    assert sorted(each.cache for each in said) == ["coalesced"] * 7 + ["miss"]


def _waiting(router: Any) -> list[object]:
    flights = router._core.flights._by_key
    return [each for flight in list(flights.values()) for each in list(flight.waiting)]


async def test_threads_and_tasks_share_calls() -> None:
    """Whoever was first."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, cache=False)
    first = asyncio.ensure_future(router.acomplete(ask()))
    await turns()
    other = asyncio.ensure_future(asyncio.to_thread(router.complete, ask()))
    while len(_waiting(router)) < 2:
        await asyncio.sleep(0.001)
    provider.release()

    assert [(await first).cache, (await other).cache] == ["miss", "coalesced"]


def test_a_loop_that_ends_leaves_nobody_waiting() -> None:
    """Who had joined its call asks itself."""
    provider = StandIn("a")
    provider.hold()
    router = make_router(provider, cache=False)
    said: list[str] = []

    async def begin_and_go() -> None:
        task = asyncio.ensure_future(router.acomplete(ask()))
        await turns()
        joined.start()
        while len(_waiting(router)) < 2:
            await asyncio.sleep(0.001)
        del task

    joined = Thread(target=lambda: said.append(router.complete(ask()).text))
    asyncio.run(begin_and_go())
    provider.release()
    joined.join(5)

    assert said == ["a gpt-4o"]


class Boarding(ManualClock):
    """Whoever sleeps first waits until somebody has joined."""

    def __init__(self) -> None:
        super().__init__()
        self.is_joined: Callable[[], bool] = bool

    def sleep(self, seconds: float) -> None:
        """Wait, the first time."""
        if not self.slept:
            until(self.is_joined)
        super().sleep(seconds)


def test_a_thread_that_is_interrupted_leaves_nobody_waiting() -> None:
    """Who had joined its call asks itself."""
    provider, clock = StandIn("a", KeyboardInterrupt(), answer()), Boarding()
    router = make_router(provider, clock=clock, cache=False, window_ms=1)
    clock.is_joined = lambda: len(_waiting(router)) == 1
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(router.complete, ask())
        until(lambda: bool(router._core.flights._by_key))
        joined = pool.submit(router.complete, ask())

        assert isinstance(first.exception(), KeyboardInterrupt)
        assert joined.result().text == "Hello."
    assert router.counters().total_calls == router.counters().provider_calls == 2


def test_many_threads_lose_no_count() -> None:
    """50 threads with 10 requests each."""
    provider = StandIn("a")
    router = make_router(provider, cache=MemoryCache(clock=RealClock()))

    def work(number: int) -> None:
        for place in range(10):
            router.complete(ask(text=str((number + place) % 25)))

    threads = [Thread(target=work, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    counters = router.counters()
    assert counters.total_calls == 500 == counters.cache_hits + counters.provider_calls
    assert provider.calls == counters.provider_calls == 25
    assert counters.cost_nanousd == 25 * 7_500_000


async def test_a_request_may_wait_for_others_like_it() -> None:
    """Those who come meanwhile are batched; it costs all of them the wait."""
    clock, provider = ManualClock(), StandIn("a")
    router = make_router(provider, clock=clock, cache=False, window_ms=20)

    said = await asyncio.gather(*[router.acomplete(ask()) for _ in range(3)])

    assert (provider.calls, clock.slept) == (1, [0.02])
    assert router.counters().batched == 2
    assert {each.text for each in said} == {"a gpt-4o"}
