"""Sums of answers: what they hold, and that they add up."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import log
from operator import add
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import TOKEN_BUCKETS, TokenSums, token_bucket


class Answer(NamedTuple):
    """An answer as it is told."""

    tokens: int
    ms: float
    prompt_tokens: int | None = None
    prompt_ms: float | None = None
    decode_ms: float | None = None

    @property
    def sums(self) -> TokenSums:
        """Its sums."""
        prompt = {"prompt_tokens": self.prompt_tokens, "prompt_ms": self.prompt_ms}
        return TokenSums.of(self.tokens, self.ms, decode_ms=self.decode_ms, **prompt)  # type: ignore[arg-type]


times = st.floats(min_value=0, max_value=1e6).filter(lambda ms: ms == 0 or ms > 1e-9)
answers = st.lists(
    st.builds(
        Answer,
        st.integers(1, 10**5),
        times,
        st.none() | st.integers(0, 10**6),
        st.none() | times,
        st.none() | times,
    ),
    min_size=1,
)


@given(answers, st.randoms())
def test_sums_of_parts_in_any_order_are_the_sums_of_all(
    found: list[Answer], random: object
) -> None:
    """Against exact fractions."""
    shuffled = sorted(found, key=lambda _: random.random())  # type: ignore[attr-defined]
    cut = len(found) // 2
    parts = [shuffled[:cut], shuffled[cut:]]

    total = reduce(add, (reduce(add, (each.sums for each in part), TokenSums()) for part in parts))

    assert total.count == len(found)
    assert total.tokens == sum(each.tokens for each in found)
    assert total.tokens_squared == sum(each.tokens**2 for each in found)
    assert total.ms == pytest.approx(float(sum(Fraction(each.ms) for each in found)))
    exact = float(sum(each.tokens * Fraction(each.ms) for each in found))
    assert total.tokens_ms == pytest.approx(exact)
    assert total.least == min(each.ms / each.tokens for each in found)
    assert total.most == max(each.ms / each.tokens for each in found)


@given(answers)
def test_logarithms_are_of_the_answers_that_took_any_time(found: list[Answer]) -> None:
    """An answer that took none is counted and has no logarithm."""
    total = reduce(add, (each.sums for each in found))

    logs = [log(each.ms / each.tokens) for each in found if each.ms]
    assert total.log_count == len(logs)
    assert total.logs == pytest.approx(sum(logs), abs=1e-9)
    assert total.logs_squared == pytest.approx(sum(each**2 for each in logs))


def test_prompt_and_generation_are_summed_where_they_are_told() -> None:
    """Half of what is needed tells nothing."""
    total = (
        Answer(10, 300.0, prompt_tokens=50, prompt_ms=100.0, decode_ms=200.0).sums
        + Answer(10, 300.0, prompt_tokens=7).sums
        + Answer(10, 300.0, prompt_ms=9.0).sums
    )

    assert (total.prompt_tokens, total.prompt_ms) == (50, 100.0)
    assert (total.decode_tokens, total.decode_ms) == (10, 200.0)


def test_nothing_has_no_extremes() -> None:
    """Unknown is not zero, and adding nothing changes nothing."""
    one = Answer(10, 300.0).sums

    assert TokenSums().least is None
    assert one + TokenSums() == TokenSums() + one == one


@pytest.mark.parametrize(
    ("tokens", "name"),
    [(1, "1-31"), (31, "1-31"), (32, "32-127"), (128, "128-511"), (511, "128-511"), (512, "512+")],
)
def test_a_bucket_begins_where_its_name_says(tokens: int, name: str) -> None:
    """Each number of tokens has one."""
    assert TOKEN_BUCKETS[token_bucket(tokens)] == name
