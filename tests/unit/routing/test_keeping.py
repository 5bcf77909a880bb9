"""Which requests share an answer."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.routing.stand_ins import (
    ManualClock,
    StandIn,
    answer,
    ask,
    chunks,
    drained,
    make_router,
)

from understudy.routing import (
    FailoverPolicy,
    MemoryCache,
    ProviderError,
    RetryPolicy,
    RouterConfigError,
)
from understudy.routing._key import Keys

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(
    st.sampled_from(["messages", "n", "user", "metadata", "x"]), JSON, max_size=4
)


def test_an_equal_request_gets_the_answer_that_is_there() -> None:
    """It costs nothing, and what it would have cost is saved."""
    provider = StandIn("openai")
    router = make_router(provider)

    first, second = router.complete(ask()), router.complete(ask())

    assert [first.cache, second.cache] == ["miss", "hit"]
    assert (first.cost_nanousd, first.saved_nanousd) == (7_500_000, 0)
    assert (second.cost_nanousd, second.saved_nanousd) == (0, 7_500_000)
    assert second.data == first.data
    assert provider.calls == 1


def test_an_answer_expires() -> None:
    """On the clock of the router, at its time and not before."""
    clock, provider = ManualClock(), StandIn("openai")
    router = make_router(provider, clock=clock)
    router.complete(ask())

    clock.advance(59.9)
    assert router.complete(ask()).cache == "hit"
    clock.advance(0.2)
    assert router.complete(ask()).cache == "miss"


def test_a_kept_answer_cannot_be_changed() -> None:
    """Each caller has a body of its own."""
    router = make_router(StandIn("openai"))

    router.complete(ask()).body()["choices"].clear()

    assert router.complete(ask()).body()["choices"][0]["message"]["content"] == "openai gpt-4o"


@given(first=BODIES, second=BODIES, shuffled=st.randoms(use_true_random=False))
def test_only_equal_requests_share_a_key(
    first: dict[str, object], second: dict[str, object], shuffled: object
) -> None:
    """Whatever differs outside of the harmless fields; the order of keys is no difference."""
    keys = Keys()
    items = list(first.items())
    shuffled.shuffle(items)  # type: ignore[attr-defined]

    assert keys.canonical(dict(items)) == keys.canonical(json.loads(json.dumps(first, indent=1)))
    assert (keys.canonical(first) == keys.canonical(second)) == (
        json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    )
    assert keys.digest(keys.canonical(first), "a") != keys.digest(keys.canonical(first), "b")


@pytest.mark.parametrize(
    "more",
    [
        {"max_tokens": 5},
        {"temperature": 0},
        {"tool_choice": "none"},
        {"metadata": {"agent": "b"}},
        {"extra_body": {"safety": 1}},
        {"user": "b"},
    ],
)
def test_any_field_makes_another_request(more: dict[str, Any]) -> None:
    """One that nobody knows as well as one of the API."""
    router = make_router(StandIn("openai"))
    router.complete(ask())

    assert router.complete(ask(**more)).cache == "miss"


def test_harmless_fields_make_no_other_request() -> None:
    """Those that steer the provider's own cache, and those that the user names."""
    router = make_router(StandIn("openai"), ignored=("trace_id",))
    router.complete(ask())

    assert router.complete(ask(prompt_cache_key="k", trace_id="t")).cache == "hit"


def test_agents_share_no_answers() -> None:
    """However their names are put together with the request."""
    router = make_router(StandIn("openai"))
    router.complete(ask(), agent="a")

    assert router.complete(ask(), agent="b").cache == "miss"
    assert router.complete(ask(), agent="a").cache == "hit"


def test_one_who_wants_an_answer_of_its_own_gets_it() -> None:
    """It is none that is kept, and is not kept."""
    router = make_router(StandIn("openai", answer("1"), answer("2"), answer("3")))
    router.complete(ask())

    fresh = router.complete(ask(), fresh=True)

    assert (fresh.text, fresh.cache) == ("2", "bypass")
    assert router.complete(ask()).text == "1"


def test_failures_are_not_kept() -> None:
    """Nor are answers with a good status that are errors, or none."""
    wrong = [{"error": {"message": "no"}}, {"choices": None}, "<html>", "[]"]
    provider = StandIn("openai", *wrong, answer("good"))
    router = make_router(provider, retry=RetryPolicy(retries=4))

    said = router.complete(ask())

    assert said.text == "good"
    assert [each.outcome for each in said.attempts] == ["broken"] * 4 + ["ok"]
    assert router.complete(ask()).text == "good"
    assert provider.calls == 5


def test_the_answer_of_a_fallback_is_kept_as_its_own() -> None:
    """When the first one is well again, it is asked; while it is not, nobody is."""
    first = StandIn(
        "first", ProviderError("down", status=500), ProviderError("down", status=500), answer("1")
    )
    second = StandIn("second", answer("2"))
    router = make_router(
        first, second, registry={"*": "first"}, failover=FailoverPolicy(order=("second",))
    )

    said = [router.complete(ask()) for _ in range(3)]

    assert [each.text for each in said] == ["2", "2", "1"]
    assert [each.cache for each in said] == ["miss", "hit", "miss"]
    assert second.calls == 1


def test_a_stream_is_replayed_as_it_came() -> None:
    """Event by event, byte by byte, with its usage; also to two at once, one of whom stops."""
    told = [json.dumps(each, indent=1) for each in chunks("a\n", "b")]
    provider = StandIn("openai", [*told, "[DONE]"])
    router = make_router(provider)
    first = list(router.stream(ask()))

    left, whole = router.stream(ask()), router.stream(ask())
    next(left)
    again = list(whole)
    left.close()  # type: ignore[attr-defined]

    assert [piece.data for piece in again] == [*told, "[DONE]"] == [piece.data for piece in first]
    assert [piece.done for piece in again] == [False] * 5 + [True]
    assert again[-1].answer is not None
    assert again[-1].answer.cache == "hit"
    assert again[-1].answer.usage == first[-1].answer.usage  # type: ignore[union-attr]
    assert provider.calls == 1


def test_a_kept_stream_cannot_be_changed() -> None:
    """Though a piece holds the event that the provider made."""
    router = make_router(StandIn("openai", chunks("good")))
    for piece in router.stream(ask()):
        if isinstance(piece.event, dict):
            piece.event.clear()

    assert drained(router.stream(ask())) == ["", "good", "", ""]
    assert "good" in list(router.stream(ask()))[1].data


def test_a_stream_and_an_answer_are_not_kept_for_each_other() -> None:
    """They are asked for in other words."""
    provider = StandIn("openai", answer(), chunks("a"))
    router = make_router(provider)

    router.complete(ask())
    assert drained(router.stream(ask())) == ["", "a", "", ""]
    assert provider.calls == 2


def test_what_was_used_last_is_kept() -> None:
    """By count and by bytes; nothing that is larger than the whole cache."""
    cache = MemoryCache(entries=2, clock=ManualClock())
    router = make_router(StandIn("openai"), cache=cache)
    for text in ("a", "b", "a", "c"):
        router.complete(ask(text=text))

    assert [router.complete(ask(text=text)).cache for text in ("a", "c", "b")] == [
        "hit",
        "hit",
        "miss",
    ]
    assert cache.figures().evicted == 2

    small = MemoryCache(bytes=2000, clock=ManualClock())
    router = make_router(StandIn("openai", lambda body: answer("x" * 300)), cache=small)
    for text in ("a", "b", "c"):
        router.complete(ask(text=text))
    figures = small.figures()
    assert (figures.entries, (figures.bytes or 0) <= 2000) == (1, True)


def test_everything_can_be_forgotten() -> None:
    """At once."""
    router = make_router(StandIn("openai"))
    router.complete(ask())
    router.invalidate_cache()

    assert router.complete(ask()).cache == "miss"


@pytest.mark.parametrize("ttl", [0, -1, float("nan"), float("inf"), timedelta(days=31), True, "9"])
def test_a_time_to_live_is_a_time(ttl: Any) -> None:
    """More than 0, and 30 days at most."""
    with pytest.raises(RouterConfigError, match="which are 30 days"):
        MemoryCache(ttl_seconds=ttl)


@pytest.mark.parametrize(
    "bounds", [{"entries": None}, {"bytes": None}, {"entries": 0}, {"bytes": 0}]
)
def test_a_cache_has_bounds(bounds: dict[str, Any]) -> None:
    """Of both kinds."""
    with pytest.raises(RouterConfigError, match="has no bound and would grow for ever"):
        MemoryCache(**bounds)


def test_a_time_to_live_may_be_a_timedelta() -> None:
    """Of 30 days at most."""
    MemoryCache(ttl_seconds=timedelta(days=30))
