"""What is tried again, where and when."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
from tests.unit.routing.stand_ins import ManualClock, StandIn, answer, ask, fails, make_router

from understudy.routing import (
    AllFailedError,
    BreakerPolicy,
    Callbacks,
    DeadlineError,
    FailoverPolicy,
    NoHealthyProviderError,
    ProviderError,
    RetryPolicy,
    RouterConfigError,
)

#: One provider, three more tries, no luck in the waits.
PATIENT = RetryPolicy(retries=3, base_seconds=1, cap_seconds=8)


def failed(status: int | None = 500, **more: Any) -> ProviderError:
    return ProviderError("no", status=status, **more)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 529])
def test_what_may_pass_is_tried_again(status: int) -> None:
    """After a wait."""
    clock, provider = ManualClock(), StandIn("a", failed(status), answer())

    said = make_router(provider, clock=clock).complete(ask())

    assert [each.outcome for each in said.attempts][-1] == "ok"
    assert [each.status for each in said.attempts] == [status, None]
    assert len(clock.slept) == 1


@pytest.mark.parametrize("error", [TimeoutError("slow"), ConnectionResetError("gone")])
def test_what_fails_on_the_way_is_tried_again(error: Exception) -> None:
    """By the standard library's errors."""
    assert make_router(StandIn("a", error, answer())).complete(ask()).text == "Hello."


@pytest.mark.parametrize("status", [400, 404, 413, 422])
def test_a_request_that_is_at_fault_is_not_tried_again(status: int) -> None:
    """Not there and nowhere else; the caller gets the provider's own error."""
    first, second = StandIn("a", failed(status)), StandIn("b")
    router = make_router(first, second, registry={"*": "a"}, failover=FailoverPolicy(order=("b",)))

    with pytest.raises(ProviderError) as caught:
        router.complete(ask())
    assert caught.value.status == status
    assert (first.calls, second.calls) == (1, 0)
    assert router.health()["a"].failures == 0


class SdkError(Exception):
    """As SDKs have them: the status on the error, the headers on its response."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        super().__init__("no")
        self.status_code = status
        self.response = type("Response", (), {"headers": headers, "status_code": status})()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "2500", "retry-after": "9"}, 2.5),
        (
            {
                "retry-after": format_datetime(
                    datetime.fromtimestamp(1_800_000_005, UTC), usegmt=True
                )
            },
            5.0,
        ),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_provider_says_when_to_come_back(
    headers: dict[str, str], seconds: float, status: int
) -> None:
    """In seconds, as a date, in milliseconds; it is never asked earlier."""
    clock = ManualClock()
    asked_at: list[float] = []

    def first_refused(_: object) -> Any:
        asked_at.append(clock.now())
        return SdkError(status, headers) if len(asked_at) == 1 else answer()

    provider = StandIn("a", first_refused)
    router = make_router(provider, clock=clock, retry=RetryPolicy(base_seconds=0.1))

    router.complete(ask())

    assert asked_at[1] - asked_at[0] == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize("told", [float("nan"), -1, "soon", object(), None])
def test_a_wait_that_is_none_is_not_kept(told: Any) -> None:
    """The provider is asked again after a wait of the router's own."""
    provider = StandIn("a", failed(429, retry_after=told), answer())

    assert make_router(provider).complete(ask()).text == "Hello."


def test_a_wait_past_the_deadline_fails_at_once() -> None:
    """And says when it would be worth it."""
    clock, provider = ManualClock(), StandIn("a", failed(429, retry_after=500))

    with pytest.raises(AllFailedError, match="past the deadline") as caught:
        make_router(provider, clock=clock).complete(ask())
    assert caught.value.retry_after == pytest.approx(500)
    assert clock.slept == []


def test_another_one_is_asked_without_a_wait() -> None:
    """While there is one that is healthy and was not asked."""
    clock = ManualClock()
    first, second = StandIn("a", failed()), StandIn("b")
    told: list[tuple[str, str, str]] = []
    router = make_router(
        first,
        second,
        clock=clock,
        registry={"*": "a"},
        failover=FailoverPolicy(order=("b",)),
        callbacks=Callbacks(on_failover=lambda *each: told.append(each)),
    )

    assert router.complete(ask()).provider == "b"
    assert (clock.slept, told) == ([], [("a", "b", "server")])


def test_one_that_rests_is_passed_by() -> None:
    """Which is a failover, too."""
    told: list[tuple[str, str, str]] = []
    first = StandIn("a", failed(429, retry_after=60), answer("late"))
    router = make_router(
        first,
        StandIn("b"),
        registry={"*": "a"},
        cache=False,
        failover=FailoverPolicy(order=("b",)),
        callbacks=Callbacks(on_failover=lambda *each: told.append(each)),
    )
    router.complete(ask())
    router.complete(ask())

    assert told == [("a", "b", "rate_limit")] * 2
    assert first.calls == 1


def test_a_key_that_is_refused_is_not_tried_again() -> None:
    """It rests; another provider is asked."""
    clock = ManualClock()
    first = StandIn("a", failed(401), answer("again"))
    router = make_router(
        first,
        StandIn("b"),
        clock=clock,
        cache=False,
        registry={"*": "a"},
        failover=FailoverPolicy(order=("b",)),
        breaker=BreakerPolicy(bench_seconds=100),
    )

    assert [router.complete(ask()).provider for _ in range(2)] == ["b", "b"]
    clock.advance(101)
    assert router.complete(ask()).text == "again"


@pytest.mark.parametrize(
    ("body", "asked"),
    [("context_length_exceeded", "long"), ("content_policy_violation", "mild"), ("", None)],
)
def test_reasons_of_the_request_have_ways_of_their_own(body: str, asked: str | None) -> None:
    """A longer context, a milder provider; nobody else is asked for them."""
    first, others = StandIn("a", failed(400, body=body)), [StandIn("long"), StandIn("mild")]
    policy = FailoverPolicy(context_window=("long",), content_policy=("mild",))
    router = make_router(first, *others, registry={"*": "a"}, failover=policy)

    if asked is None:
        with pytest.raises(ProviderError, match="no"):
            router.complete(ask())
    else:
        assert router.complete(ask()).provider == asked


def test_all_are_asked_as_often_as_they_may() -> None:
    """Then the error says who failed of what."""
    clock = ManualClock()
    providers = StandIn("a", failed(500)), StandIn("b", failed(429))
    router = make_router(*providers, clock=clock, retry=RetryPolicy(retries=2, base_seconds=0.01))

    with pytest.raises(AllFailedError, match=r"Tried: a: server \(500\); b: rate_limit") as caught:
        router.complete(ask())
    assert [each.calls for each in providers] == [3, 3]
    assert len(caught.value.attempts) == 6
    counters = router.counters()
    assert (counters.total_calls, counters.provider_calls, counters.failed) == (1, 1, 1)
    assert counters.attempts == 6


def test_waits_are_random_and_grow() -> None:
    """Between nothing and a limit that is doubled, up to a cap."""
    clock = ManualClock()
    router = make_router(
        StandIn("a", failed()),
        clock=clock,
        retry=RetryPolicy(retries=6, base_seconds=1, cap_seconds=4),
        breaker=BreakerPolicy(failures=100),
    )

    with pytest.raises(AllFailedError):
        router.complete(ask())
    limits = [1, 2, 4, 4, 4, 4]
    assert all(0 <= wait <= limit for wait, limit in zip(clock.slept, limits, strict=True))
    assert len(set(clock.slept)) == 6
    assert max(clock.slept) > 1


def test_all_attempts_share_one_deadline() -> None:
    """Time that a provider takes counts as well as waits."""
    clock = ManualClock()

    def slow(_: object) -> ProviderError:
        clock.advance(20)
        return failed()

    provider = StandIn("a", slow)
    retry = RetryPolicy(retries=9, deadline_seconds=50, base_seconds=0)
    router = make_router(provider, clock=clock, retry=retry, breaker=BreakerPolicy(failures=99))

    with pytest.raises(DeadlineError, match="within 50 s"):
        router.complete(ask())
    assert provider.calls == 3


async def test_a_provider_that_stays_away_is_given_up() -> None:
    """In time for another one."""
    first, second = StandIn("a"), StandIn("b")
    first.hold()
    router = make_router(
        first,
        second,
        registry={"*": "a"},
        failover=FailoverPolicy(order=("b",)),
        retry=RetryPolicy(attempt_seconds=0.01),
    )

    said = await router.acomplete(ask())

    assert (said.provider, said.attempts[0].outcome) == ("b", "timeout")


def test_retries_are_a_part_of_the_requests() -> None:
    """Where everything fails, there is no storm."""
    provider = StandIn("a", failed())
    router = make_router(
        provider,
        cache=False,
        retry=RetryPolicy(retries=3, budget=0.1, reserve=5, base_seconds=0),
        breaker=BreakerPolicy(failures=10_000),
    )
    for _ in range(100):
        with pytest.raises(AllFailedError):
            router.complete(ask())

    assert provider.calls <= 100 + 5 + 10


def test_a_breaker_leaves_a_sick_provider_alone() -> None:
    """After so many failures in a row; one probe tells whether it is well again."""
    clock, trips = ManualClock(), list[tuple[str, int]]()
    provider = StandIn("a", *fails(3, failed), answer())
    router = make_router(
        provider,
        clock=clock,
        cache=False,
        retry=RetryPolicy(retries=0),
        breaker=BreakerPolicy(failures=3, open_seconds=30),
        callbacks=Callbacks(on_trip=lambda *each: trips.append(each)),
    )
    for _ in range(3):
        with pytest.raises(AllFailedError):
            router.complete(ask())

    assert (router.health()["a"].state, trips) == ("open", [("a", 3)])
    with pytest.raises(
        NoHealthyProviderError, match=r"a is open \(server, 30\.0 s to go\)"
    ) as caught:
        router.complete(ask())
    assert caught.value.retry_after == pytest.approx(30)
    assert provider.calls == 3

    clock.advance(30)
    assert router.health()["a"].state == "half_open"
    assert router.complete(ask()).text == "Hello."
    assert router.health()["a"].state == "closed"


async def test_one_probe_at_a_time_tries_a_sick_provider() -> None:
    """The others are told at once that there is nobody."""
    clock = ManualClock()
    provider = StandIn("a", failed(), answer())
    router = make_router(
        provider,
        clock=clock,
        cache=False,
        coalesce=False,
        retry=RetryPolicy(retries=0),
        breaker=BreakerPolicy(failures=1, open_seconds=30),
    )
    with pytest.raises(AllFailedError):
        await router.acomplete(ask())
    clock.advance(31)
    provider.hold()

    asked = [asyncio.ensure_future(router.acomplete(ask(text=str(n)))) for n in range(20)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert provider.calls == 2
    provider.release()
    outcomes = await asyncio.gather(*asked, return_exceptions=True)

    assert sum(not isinstance(each, Exception) for each in outcomes) == 1
    assert sum(isinstance(each, NoHealthyProviderError) for each in outcomes) == 19


async def test_a_probe_that_is_cancelled_gives_its_place_back() -> None:
    """Else the provider would stay alone for ever."""
    clock = ManualClock()
    provider = StandIn("a", failed(), answer())
    router = make_router(
        provider,
        clock=clock,
        cache=False,
        retry=RetryPolicy(retries=0),
        breaker=BreakerPolicy(failures=1, open_seconds=30),
    )
    with pytest.raises(AllFailedError):
        await router.acomplete(ask())
    clock.advance(31)
    provider.hold()
    probe = asyncio.ensure_future(router.acomplete(ask()))
    for _ in range(5):
        await asyncio.sleep(0)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    provider.release()

    assert router.health()["a"].in_flight == 0
    assert (await router.acomplete(ask())).text == "Hello."


def test_a_bug_of_a_provider_is_no_end() -> None:
    """Another one is asked; alone, it is said what it was."""
    bug = ZeroDivisionError("oops")
    router = make_router(
        StandIn("a", bug), StandIn("b"), registry={"*": "a"}, failover=FailoverPolicy(order=("b",))
    )
    assert router.complete(ask()).attempts[0].outcome == "unknown"

    with pytest.raises(AllFailedError, match="oops") as caught:
        make_router(StandIn("a", bug)).complete(ask())
    assert caught.value.__cause__ is bug


class OnlyAwaited:
    """A provider for tasks alone."""

    name = "a"

    async def acomplete(self, body: Any, *, timeout: float) -> Any:
        """Return an answer."""
        return answer()

    async def astream(self, body: Any, *, timeout: float) -> Any:
        """Yield an event."""
        yield {}


def test_a_thread_cannot_ask_who_can_only_be_awaited() -> None:
    """It is told so; a task can ask who blocks."""
    with pytest.raises(RouterConfigError, match="can only be awaited"):
        make_router(OnlyAwaited()).complete(ask())


class OnlyBlocking:
    """A provider for threads alone."""

    name = "a"
    complete, stream = StandIn.complete, StandIn.stream
    _outcome = StandIn._outcome

    def __init__(self, *outcomes: Any) -> None:
        StandIn.__init__(self, "a", *outcomes)  # type: ignore[arg-type]


async def test_a_task_can_ask_who_blocks() -> None:
    """In a thread, whole and streamed."""
    router = make_router(
        OnlyBlocking(
            answer(), [{"choices": [{"delta": {"content": "x"}, "finish_reason": "stop"}]}]
        )
    )

    assert (await router.acomplete(ask())).text == "Hello."
    assert [piece.text async for piece in router.astream(ask())] == ["x", ""]


@pytest.mark.parametrize(
    "wrong",
    [
        {"retries": -1},
        {"retries": 1.5},
        {"deadline_seconds": 0},
        {"base_seconds": float("nan")},
        {"budget": "much"},
    ],
)
def test_a_policy_is_made_of_numbers(wrong: dict[str, Any]) -> None:
    """From the least that makes sense on."""
    with pytest.raises(RouterConfigError, match=r"RetryPolicy: \w+=.*give a (whole )?number"):
        RetryPolicy(**wrong)
