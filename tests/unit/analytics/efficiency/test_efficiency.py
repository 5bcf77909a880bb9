"""Milliseconds a token, weighted by tokens; the line through the answers; loads beside it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.analytics.efficiency.histories import Answer, summed

from understudy.analytics.efficiency import efficiency_of, line_of
from understudy.stats import RecentLoads, TokenSums

answers = st.lists(
    st.builds(
        Answer,
        st.integers(1, 5000),
        st.floats(min_value=0.01, max_value=1e4),
        component=st.sampled_from(["gemma", "qwen"]),
        source=st.sampled_from(["engine", "stream"]),
    ),
    min_size=1,
)


@given(answers)
def test_a_mean_is_all_the_time_over_all_the_tokens(found: list[Answer]) -> None:
    """Of each model by each source, against exact fractions, the best first; none mixes two."""
    models = efficiency_of(summed(found))

    speeds = [each.ms_per_token or 0 for each in models]
    assert speeds == sorted(speeds)

    assert {(each.component, each.source) for each in models} == {
        (each.component, each.source) for each in found
    }
    for model in models:
        own = [a for a in found if (a.component, a.source) == (model.component, model.source)]
        ms = sum(Fraction(each.tokens * each.each_ms) for each in own)
        assert model.ms_per_token == pytest.approx(float(ms / sum(each.tokens for each in own)))
        assert model.sums.count == sum(bucket.sums.count for bucket in model.buckets) == len(own)


@given(st.lists(st.tuples(st.integers(1, 5000), st.floats(0, 1e6)), min_size=1))
def test_a_line_is_that_of_least_squares(points: list[tuple[int, float]]) -> None:
    """No line through the answers has smaller squares, in exact fractions."""
    line = line_of(sum((TokenSums.of(*point) for point in points), start=TokenSums()))

    n = len(points)
    mean_x = Fraction(sum(x for x, _ in points), n)
    mean_y = sum(Fraction(y) for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if not spread:
        assert line is None
        return
    slope = sum((x - mean_x) * (Fraction(y) - mean_y) for x, y in points) / spread
    assert line is not None
    scale = 1e-9 * (1 + max(y for _, y in points))
    assert line.slope_ms == pytest.approx(float(slope), abs=scale)
    assert line.intercept_ms == pytest.approx(float(mean_y - slope * mean_x), abs=5000 * scale)


def test_a_fixed_part_is_told_from_the_tokens() -> None:
    """Short answers look slow by the token; the line says why."""
    answers = [Answer(n, (200 + 20 * n) / n) for n in (5, 50, 200, 800)]

    [model] = efficiency_of(summed(answers))

    assert model.line == pytest.approx((200, 20))
    assert [each.ms_per_token for each in model.buckets] == pytest.approx([60, 24, 21, 20.25])
    assert [each.bucket for each in model.buckets] == ["1-31", "32-127", "128-511", "512+"]


def test_a_load_is_the_median_of_its_source() -> None:
    """Of the source that measured the answers, else of the nearest that knows any."""
    rows = summed([Answer(10, 20.0), Answer(10, 30.0, source="stream")])
    loads = [
        RecentLoads("gemma", "told", (50.0,)),
        RecentLoads("gemma", "engine", (9.0, 5.0, 6.0, 7.0)),
    ]

    engine, stream = efficiency_of(rows, loads)

    assert engine.load_seconds == stream.load_seconds == 6.5
    assert efficiency_of(rows, loads[:1])[0].load_seconds == 50.0


def test_a_model_that_only_loads_comes_last() -> None:
    """Its speed is unknown, and that is not zero."""
    found = efficiency_of(summed([Answer(10, 99.0)]), [RecentLoads("qwen", "told", (3.0,))])

    assert [each.component for each in found] == ["gemma", "qwen"]
    assert (found[1].ms_per_token, found[1].line, found[1].load_seconds) == (None, None, 3.0)


def test_a_model_that_never_loaded_has_no_load() -> None:
    """Loads that all failed are none."""
    [found] = efficiency_of(summed([Answer(10, 99.0)]), [RecentLoads("gemma", "told", ())])

    assert found.load_seconds is None


def test_prompt_and_generation_stand_apart_where_they_are_told() -> None:
    """Nothing is made up where nobody told."""
    told = TokenSums.of(100, 2600.0, prompt_tokens=300, prompt_ms=600.0, decode_ms=2000.0)
    [row] = summed([Answer(100, 26.0)])

    [split], [whole] = efficiency_of([row.__class__("m", "engine", 1, told)]), efficiency_of([row])

    assert (split.prompt_ms_per_token, split.decode_ms_per_token) == (2.0, 20.0)
    assert (whole.prompt_ms_per_token, whole.decode_ms_per_token) == (None, None)


def test_a_time_without_end_has_no_line() -> None:
    """What is told may be anything."""
    assert line_of(TokenSums.of(10, 1e308) + TokenSums.of(20, 1e308)) is None
