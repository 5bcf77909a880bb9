"""What is counted: requests, tokens and money, exactly."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.routing.stand_ins import ManualClock, StandIn, answer, ask, chunks, make_router

from understudy.errors import SettingsError
from understudy.routing import (
    AllFailedError,
    BudgetPolicy,
    BudgetSpentError,
    Callbacks,
    ProviderError,
    RetryPolicy,
    Router,
    RouterConfigError,
)
from understudy.routing._books import OTHER_AGENTS


def at(text: str) -> ManualClock:
    return ManualClock(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_money_is_exact() -> None:
    """To six decimals and beyond: $2.50 and $10.00 for a million tokens."""
    usage = {"prompt_tokens": 1237, "completion_tokens": 581, "total_tokens": 1818}
    router = make_router(StandIn("openai", answer(usage=usage)))

    said = router.complete(ask())
    router.complete(ask())

    assert said.cost_usd == Decimal("0.008902500")
    counters, today = router.counters(), router.today()
    assert counters.cost_nanousd == 8_902_500 == today.cost_nanousd == counters.saved_nanousd
    assert (counters.input_tokens, counters.output_tokens) == (1237, 581)
    assert (today.requests, today.input_tokens, today.output_tokens) == (2, 1237, 581)
    assert counters.hit_rate == 0.5


def test_a_cost_that_nobody_knows_is_none() -> None:
    """It is counted as unknown, and no part of any sum."""
    router = make_router(StandIn("openai", answer(usage={})))

    assert router.complete(ask()).cost_nanousd is None
    assert router.complete(ask()).saved_nanousd is None
    counters = router.counters()
    assert (counters.cost_nanousd, counters.unpriced_calls) == (0, 1)


@pytest.mark.parametrize("found", [LookupError(), 0.5, -1, "1"])
def test_a_price_that_fails_is_none(found: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The answer is there all the same; it is said once."""

    def broken(*_: object) -> Any:
        if isinstance(found, Exception):
            raise found
        return found

    router = Router([StandIn("openai", answer(), chunks("x"))], {"*": "openai"}, price=broken)

    assert router.complete(ask()).cost_nanousd is None
    assert list(router.stream(ask()))[-1].answer.cost_nanousd is None  # type: ignore[union-attr]
    assert (router.counters().unpriced_calls, router.callback_faults) == (2, 2)
    assert len(caplog.records) == 1


def test_the_time_of_a_provider_is_its_own() -> None:
    """What the answer costs is worked out afterwards."""
    clock = ManualClock()

    def slow(*_: object) -> int:
        clock.advance(5)
        return 1

    router = Router([StandIn("openai")], {"*": "openai"}, price=slow, clock=clock)

    assert [each.duration_ms for each in router.complete(ask()).attempts] == [0]
    assert router.health()["openai"].latency_ms == 0


def test_agents_are_counted_apart() -> None:
    """Together they are all; beyond a thousand they are one."""
    router = make_router(StandIn("openai"))
    for number in range(1100):
        router.complete(ask(), agent=f"agent {number}")
    router.complete(ask(), agent="agent 0")

    assert router.counters("agent 0").total_calls == 2
    assert router.counters(OTHER_AGENTS).total_calls > 90
    assert router.counters().total_calls == 1101
    assert router.counters("nobody").total_calls == 0


def test_a_day_is_that_of_its_zone() -> None:
    """It begins at midnight there, summer or winter."""
    clock = at("2026-03-28T22:30")
    router = make_router(
        StandIn("openai"), clock=clock, cache=False, budget=BudgetPolicy(zone="Europe/Vienna")
    )
    router.complete(ask())
    assert (router.today().day, router.today().requests) == (date(2026, 3, 28), 1)

    clock.advance(1800)  # midnight in Vienna
    assert (router.today().day, router.today().requests) == (date(2026, 3, 29), 0)
    clock.advance(23 * 3600 - 1)  # that day has 23 hours
    assert router.today().day == date(2026, 3, 29)
    clock.advance(1)
    assert router.today().day == date(2026, 3, 30)
    assert router.counters().total_calls == 1


def test_a_budget_ends_what_costs() -> None:
    """Answers that are kept are still given; the next day begins with nothing spent."""
    clock = at("2026-11-30T12:00")
    router = make_router(StandIn("openai"), clock=clock, budget=BudgetPolicy(daily_usd=0.01))
    router.complete(ask(text="1"))
    router.complete(ask(text="2"))

    with pytest.raises(BudgetSpentError, match=r"daily_usd=0\.01 of 2026-11-30 \(UTC\)"):
        router.complete(ask(text="3"))
    assert router.counters().refused == 1
    clock.advance(1)
    assert router.complete(ask(text="1")).cache == "hit"
    clock.advance(12 * 3600)
    assert router.complete(ask(text="3")).cache == "miss"


def test_a_budget_of_a_month_sums_its_days() -> None:
    """And is new in the next."""
    clock = at("2026-11-29T12:00")
    router = make_router(
        StandIn("openai"), clock=clock, cache=False, budget=BudgetPolicy(monthly_usd=0.015)
    )
    router.complete(ask())
    clock.advance(86_400)
    router.complete(ask())

    with pytest.raises(BudgetSpentError, match=r"monthly_usd=0\.015 of 2026-11"):
        router.complete(ask())
    clock.advance(86_400)
    assert router.complete(ask()).cache == "miss"


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Base"}, {"daily_usd": -1}, {"zone": ""}])
def test_a_budget_has_amounts_and_a_zone(wrong: dict[str, Any]) -> None:
    """That exist."""
    with pytest.raises(SettingsError):
        make_router(StandIn("openai"), budget=BudgetPolicy(**wrong))


def test_warming_costs_and_is_no_request() -> None:
    """What is warm is a hit; what was there is not asked for again."""
    provider = StandIn("openai", answer("1"), ProviderError("no", status=400), chunks("x"))
    router = make_router(provider)
    streamed = {**ask(text="s"), "stream": True}

    report = router.warm([ask(text="a"), ask(text="a"), ask(text="b"), streamed])

    assert (report.warmed, report.already, [place for place, _ in report.failed]) == (2, 1, [2])
    counters = router.counters()
    assert (counters.total_calls, counters.warmed) == (0, 2)
    assert counters.cost_nanousd == 2 * 7_500_000
    assert router.complete(ask(text="a")).cache == "hit"
    assert [piece.text for piece in router.stream(ask(text="s"))] == ["", "x", "", "", ""]
    assert provider.calls == 3


async def test_tasks_warm_several_at_once() -> None:
    """With the same report."""
    router = make_router(StandIn("openai"))

    report = await router.awarm([ask(text=str(number % 3)) for number in range(6)])

    assert (report.warmed + report.already, report.failed) == (6, ())
    said = await asyncio.gather(*[router.acomplete(ask(text=str(n))) for n in range(3)])
    assert {each.cache for each in said} == {"hit"}


def test_a_router_without_a_cache_cannot_be_warmed() -> None:
    """It is told so."""
    with pytest.raises(RouterConfigError, match="without a cache cannot be warmed"):
        make_router(StandIn("openai"), cache=False).warm([ask()])


def test_callbacks_hear_what_happens() -> None:
    """Two of them both; what one raises reaches nobody."""
    heard: list[Any] = []

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    first = Callbacks(on_attempt=heard.append, on_answer=broken)
    second = Callbacks(on_answer=heard.append, on_failure=lambda *told: heard.append(told))
    provider = StandIn(
        "openai", ProviderError("no", status=500), answer(), ProviderError("", status=404)
    )
    router = make_router(provider, callbacks=first + second)

    said = router.complete(ask())
    with pytest.raises(ProviderError):
        router.complete(ask(text="other"), agent="writer")

    assert [getattr(each, "outcome", None) for each in heard] == [
        "server", "ok", None, "bad_request", None,
    ]  # fmt: skip
    assert heard[2] is said
    assert heard[4][:2] == ("writer", "gpt-4o")
    assert (heard[0].reason, heard[1].reason) == (None, "server")
    assert router.callback_faults == 1


def test_what_is_refused_is_in_no_total() -> None:
    """Nobody was asked."""
    router = make_router(
        StandIn("openai", ProviderError("no", status=429, retry_after=100)),
        retry=RetryPolicy(deadline_seconds=10),
    )
    for _ in range(3):
        with pytest.raises(AllFailedError):
            router.complete(ask())

    counters = router.counters()
    assert (counters.total_calls, counters.failed, counters.refused) == (1, 1, 2)
