"""Which model answers first, and from how many tokens on loading another pays off."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.analytics.efficiency.histories import Answer, summed
from tests.unit.routing.stand_ins import StandIn, ask, chunks, make_router

from understudy.analytics.efficiency import Ranking, efficiency_of
from understudy.stats import RecentLoads, ThoughtSums, TokenSums

SLOW = [Answer(100, 40.0, component="slow")] * 10
FAST = [Answer(100, 15.0, component="fast")] * 10
LOADS = [RecentLoads("fast", "engine", (6.0,)), RecentLoads("slow", "engine", (2.0,))]
RANKING = Ranking(efficiency_of(summed(SLOW + FAST), LOADS))


def test_the_best_comes_first() -> None:
    """By what an answer of that length is expected to take."""
    found = RANKING.rank(output_tokens=100)

    assert [(each.component, each.expected_ms) for each in found] == [
        ("fast", 1500),
        ("slow", 4000),
    ]


def test_a_model_that_must_load_pays_for_it() -> None:
    """Fast is worth loading for long answers only, from the crossover on."""
    crossover = RANKING.crossover("slow", "fast")

    assert crossover == pytest.approx(6000 / 25)
    for tokens, first in ((239, "slow"), (241, "fast")):
        assert RANKING.rank(output_tokens=tokens, resident={"slow"})[0].component == first


def test_there_is_no_crossover_to_a_model_that_is_slower() -> None:
    """Nor to one of which nothing is known."""
    assert RANKING.crossover("fast", "slow") is None
    assert RANKING.crossover("slow", "nobody") is None


def test_what_cannot_be_told_comes_last_with_a_reason() -> None:
    """A model that must load and never did, and one that never answered."""
    ranking = Ranking(efficiency_of(summed(SLOW + FAST), LOADS[1:]))

    found = ranking.rank(["nobody", "fast", "slow"], output_tokens=10, resident=())

    assert [(each.component, each.expected_ms) for each in found] == [
        ("slow", 2400),
        ("fast", None),
        ("nobody", None),
    ]
    assert "how long it loads is not known" in str(found[1].reason)
    assert "no answer of it was measured" in str(found[2].reason)
    assert found[0].reason is None


def test_few_answers_are_drawn_towards_the_median_of_all() -> None:
    """One of five counts a fifth; with five a model stands for itself."""
    others = [Answer(10, 30.0, component=name) for name in ("a", "b", "c")] * 5

    def expected(number: int) -> float | None:
        lucky = [Answer(10, 5.0, component="lucky")] * number
        ranking = Ranking(efficiency_of(summed(others + lucky)))
        return ranking.expected_ms("lucky", prompt_tokens=0, output_tokens=10)

    assert expected(1) == pytest.approx(300 - 250 / 5)
    assert expected(4) == pytest.approx(300 - 4 * 250 / 5)
    assert expected(5) == expected(6) == pytest.approx(50)


def test_a_place_by_few_answers_says_so() -> None:
    """Whoever reads it can tell."""
    ranking = Ranking(efficiency_of(summed([*SLOW, Answer(10, 5.0, component="new")])))

    reasons = {each.component: each.reason for each in ranking.rank(output_tokens=10)}

    assert reasons["slow"] is None
    assert "few answers (1)" in str(reasons["new"])


def test_the_engines_own_times_tell_prompt_from_answer() -> None:
    """A long prompt costs what reading it costs."""
    sums = TokenSums.of(100, 2600.0, prompt_tokens=300, prompt_ms=600.0, decode_ms=2000.0)
    rows = [ThoughtSums("m", "engine", 1, sum([sums] * 5, start=TokenSums()))]
    ranking = Ranking(efficiency_of(rows))

    found = ranking.expected_ms("m", prompt_tokens=1000, output_tokens=10)

    assert found == pytest.approx(1000 * 2 + 10 * 20)


def test_a_line_through_enough_answers_tells_the_fixed_part() -> None:
    """Short answers are not taken for faster than they are."""
    answers = [Answer(n, (200 + 20 * n) / n) for n in (5, 50, 200, 800)] * 5

    ranking = Ranking(efficiency_of(summed(answers)))

    assert ranking.expected_ms("gemma", prompt_tokens=0, output_tokens=10) == pytest.approx(400)


def test_figures_of_one_source_are_compared_where_one_has_all() -> None:
    """An engine's figures hold no network, a client's do."""
    engine = Answer(100, 10.0, component="local")
    both = [engine, engine._replace(source="stream", each_ms=14.0)] * 5
    hosted = [Answer(100, 12.0, component="hosted", source="stream")] * 5

    ranking = Ranking(efficiency_of(summed(both + hosted)))

    assert {each.source for each in ranking.rank(output_tokens=10)} == {"stream"}
    assert not ranking.sources_differ


def test_where_no_source_has_all_that_is_told() -> None:
    """Each model then has the source that has measured it most."""
    local = [Answer(100, 10.0, component="local")] * 5
    hosted = [Answer(100, 12.0, component="hosted", source="stream")] * 5

    ranking = Ranking(efficiency_of(summed(local + hosted)))

    assert ranking.sources_differ
    assert [each.source for each in ranking.rank(output_tokens=10)] == ["engine", "stream"]


def test_a_router_asks_by_provider_and_model() -> None:
    """A model is known by its name alone; None is for what nobody can tell."""
    assert RANKING.answer_ms("ollama", "fast", 0, 100) == 1500
    assert RANKING.answer_ms("ollama", "nobody", 0, 100) is None


def test_a_router_asks_the_one_that_measurements_promise() -> None:
    """Of two that call a model by names of their own, until the quick one is too busy."""
    quick, slow = StandIn("quick"), StandIn("slow")
    router = make_router(
        slow,
        quick,
        cache=False,
        balance="efficiency",
        expected_ms=RANKING.answer_ms,
        renamed={name: {"gpt-4o": model} for name, model in (("quick", "fast"), ("slow", "slow"))},
    )
    quick.outcomes = slow.outcomes = [chunks("Hello.")]

    streams: list[Any] = [router.stream(ask()) for _ in range(4)]
    for stream in streams:
        next(stream)

    # 1.5 s * (1, 2, 3) against 4 s: the third is quicker elsewhere, and the fourth is not
    assert [each.asked[0]["model"] for each in (quick, slow)] == ["fast", "slow"]
    assert (quick.calls, slow.calls) == (3, 1)
    for stream in streams:
        stream.close()


speeds = st.floats(min_value=0.1, max_value=1000)


@given(
    st.lists(speeds, min_size=2, max_size=6),
    st.integers(0, 5000),
    st.lists(st.floats(0.1, 100), min_size=6, max_size=6),
    st.sets(st.integers(0, 5)),
)
def test_the_order_is_that_of_the_expected_times(
    each_ms: list[float], tokens: int, loads: list[float], resident: set[int]
) -> None:
    """Whatever is loaded, each costs its load and its tokens."""
    models = [Answer(100, ms, component=str(number)) for number, ms in enumerate(each_ms)]
    recent = [RecentLoads(str(n), "engine", (load,)) for n, load in enumerate(loads)]
    ranking = Ranking(efficiency_of(summed(models * 5), recent))

    found = ranking.rank(
        map(str, range(len(models))), output_tokens=tokens, resident=set(map(str, resident))
    )

    brute = {
        str(n): (0 if n in resident else 1000 * loads[n]) + tokens * ms
        for n, ms in enumerate(each_ms)
    }
    assert [each.expected_ms for each in found] == pytest.approx(sorted(brute.values()))
    assert {each.component: each.expected_ms for each in found} == pytest.approx(brute)
