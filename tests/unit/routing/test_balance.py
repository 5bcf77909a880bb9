"""Who of several gets a request."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.routing.stand_ins import ManualClock, StandIn, answer, ask, make_router

from understudy.routing import (
    AllFailedError,
    BreakerPolicy,
    BudgetPolicy,
    Policy,
    ProviderError,
    RetryPolicy,
    Router,
    RouterConfigError,
)
from understudy.routing.balance import ByCost, Expected, LeastLoaded, Weighted

if TYPE_CHECKING:
    from understudy.calls import Usage

EXPECTED = Expected(100, 500)


@dataclass(eq=False)
class Standing:
    """A candidate."""

    provider: str
    weight: float | None = None
    in_flight: int = 0
    latency_ms: float | None = None
    model: str = "m"


def picks(balance: Any, candidates: list[Standing], number: int) -> str:
    chosen = [balance.pick("*", candidates, EXPECTED) for _ in range(number)]
    return "".join(candidates[place].provider for place in chosen)


def test_round_robin_goes_round() -> None:
    """Weights or not."""
    three = [Standing("a", 9), Standing("b"), Standing("c")]

    assert picks(Weighted(is_equal=True), three, 7) == "abcabca"


def test_weights_are_spread_smoothly() -> None:
    """As nginx does it."""
    assert picks(Weighted(), [Standing("a", 5), Standing("b"), Standing("c")], 7) == "aabacaa"


@given(
    weights=st.lists(st.integers(1, 7), min_size=2, max_size=5),
    aways=st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=4),
)
def test_shares_are_exact_over_a_cycle(weights: list[int], aways: list[set[int]]) -> None:
    """Within one pick at each moment; a provider that goes and comes back changes nothing."""
    everybody = [Standing(chr(97 + place), weight) for place, weight in enumerate(weights)]
    balance = Weighted()
    got: dict[str, Counter[str]] = {}
    for away in aways * 3:
        here = [each for place, each in enumerate(everybody) if place not in away]
        if len(here) < 2:
            continue
        total = int(sum(each.weight or 0 for each in here))
        names = "".join(each.provider for each in here)
        counted = got.setdefault(names, Counter())
        for _ in range(total):
            counted[picks(balance, here, 1)] += 1
            done = counted.total()
            for each in here:
                assert abs(counted[each.provider] - done * (each.weight or 0) / total) <= 1
        assert all(counted[e.provider] * total == counted.total() * (e.weight or 0) for e in here)


def test_the_cheaper_one_takes_more() -> None:
    """By one over the square of the price of what is expected."""
    rates = {"dear": 12_500, "middling": 5_000, "cheap": 1_000}

    def price(provider: str, _model: str, usage: Usage) -> int:
        return rates[provider] * ((usage.input_tokens or 0) + (usage.output_tokens or 0))

    balance = ByCost(price)
    three = [Standing(name) for name in rates]
    chosen = Counter(balance.pick("*", three, EXPECTED) for _ in range(1000))

    assert [round(chosen[place] / 10) for place in range(3)] == [1, 4, 96]


def test_one_without_a_price_needs_a_weight() -> None:
    """Nobody guesses its share."""
    two = [Standing("known"), Standing("free")]
    balance = ByCost(lambda provider, *_: 1000 if provider == "known" else 0)

    with pytest.raises(RouterConfigError, match=r"m at 'free' has no price or is free"):
        balance.pick("*", two, EXPECTED)
    two[1].weight = 1
    balance.pick("*", two, EXPECTED)


def test_the_one_that_would_answer_first_is_asked() -> None:
    """By latency and by what is under way there; a new one is taken for a middling one."""
    one = [Standing("a", latency_ms=100, in_flight=2), Standing("b", latency_ms=250)]
    assert picks(LeastLoaded(), one, 1) == "b"
    new = [Standing("a", latency_ms=100), Standing("b", latency_ms=900), Standing("n")]
    assert picks(LeastLoaded(), new, 1) == "a"
    new[0].in_flight = 5
    assert picks(LeastLoaded(), new, 1) == "n"


def test_one_that_is_back_is_taken_for_a_new_one() -> None:
    """How quick it was before it fell ill does not herd everybody onto it."""
    provider = StandIn("a", answer(), ProviderError("no", status=500))
    router = make_router(
        provider, cache=False, retry=RetryPolicy(retries=0), breaker=BreakerPolicy(failures=1)
    )
    router.complete(ask())
    before = router.health()["a"].latency_ms
    with pytest.raises(AllFailedError):
        router.complete(ask())

    assert before is not None
    assert router.health()["a"].latency_ms is None


def test_of_equals_each_has_its_turn() -> None:
    """And not always the first."""
    assert picks(LeastLoaded(), [Standing(name) for name in "abc"], 6) == "abcabc"


def test_measurements_promise_a_time() -> None:
    """For a request of that size."""
    told: list[tuple[Any, ...]] = []

    def expected_ms(*about: Any) -> float:
        told.append(about)
        return {"a": 900.0, "b": 300.0}[about[0]]

    router = make_router(StandIn("a"), StandIn("b"), balance="efficiency", expected_ms=expected_ms)

    assert router.complete(ask(max_tokens=40)).provider == "b"
    assert told[0][0:2] == ("a", "gpt-4o")
    assert told[0][3] == 40


def test_a_router_balances_those_that_are_well() -> None:
    """One that rests takes nothing and comes back to its share."""
    clock = ManualClock()
    providers = StandIn("a"), StandIn("b", ProviderError("no", status=500), answer()), StandIn("c")
    router = make_router(
        *providers,
        clock=clock,
        cache=False,
        retry=RetryPolicy(retries=0),
        breaker=BreakerPolicy(failures=1, open_seconds=30),
    )
    said = [router.complete(ask()).provider for _ in range(6)]
    assert said == ["a", "a", "c", "a", "c", "a"]  # the second one had begun with b
    clock.advance(31)
    assert Counter(router.complete(ask()).provider for _ in range(6)) == {"a": 2, "b": 2, "c": 2}


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"balance": "fastest"}, "there is no balancing 'fastest'"),
        ({"balance": "cost"}, "by cost needs a price"),
        ({"balance": "efficiency"}, "needs expected_ms"),
        ({"weights": {"a": 0}}, "weight of 'a' is 0: give a number above 0"),
        ({"weights": {"a": -1}}, "weight of 'a' is -1"),
        ({"weights": {"a": "3"}}, "weight of 'a' is '3'"),
        ({"budget": BudgetPolicy(daily_usd=1)}, "must know what it spends"),
        ({"balance": 3}, "there is no balancing 3"),
        ({"ignored": "user"}, "give several names"),
        ({"window_ms": -1}, "window_ms=-1"),
    ],
)
def test_a_balance_that_cannot_be_is_refused(policy: dict[str, Any], message: str) -> None:
    """When the router is made."""
    with pytest.raises(RouterConfigError, match=message):
        Router([StandIn("a")], {"*": "a"}, policy=Policy(**policy))
