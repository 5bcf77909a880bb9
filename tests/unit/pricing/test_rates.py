"""Rates and what tokens cost at them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from understudy.calls import Usage
from understudy.pricing._rates import Rate, Rates


def rate(usd: str) -> Rate:
    """Make a flat rate."""
    return Rate(Decimal(usd))


RATES = Rates(
    input=rate("3"),
    output=rate("15"),
    cache_read=rate("0.3"),
    cache_write=rate("3.75"),
    cache_write_1h=rate("6"),
)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("tokens", "usd"),
    [
        (Usage(input_tokens=MILLION, output_tokens=0), "3"),
        (Usage(input_tokens=0, output_tokens=MILLION), "15"),
        (Usage(input_tokens=MILLION, output_tokens=0, cache_read_tokens=MILLION), "0.3"),
        (Usage(input_tokens=MILLION, output_tokens=0, cache_write_tokens=MILLION), "3.75"),
        (
            Usage(
                input_tokens=MILLION,
                output_tokens=0,
                cache_write_tokens=MILLION,
                cache_write_1h_tokens=MILLION,
            ),
            "6",
        ),
    ],
)
def test_each_kind_of_token_has_its_rate(tokens: Usage, usd: str) -> None:
    """Counts are inclusive: what is cached is not charged as input again."""
    assert RATES.tokens_usd(tokens) == Decimal(usd)


def test_reasoning_is_charged_as_output_without_a_rate_of_its_own() -> None:
    """Reasoning tokens are part of the output."""
    tokens = Usage(input_tokens=0, output_tokens=MILLION, reasoning_tokens=MILLION // 2)

    assert RATES.tokens_usd(tokens) == 15


def test_reasoning_is_charged_at_its_own_rate() -> None:
    """A rate for reasoning takes its tokens out of the output."""
    rates = Rates(input=rate("1"), output=rate("8"), reasoning=rate("3"))
    tokens = Usage(input_tokens=0, output_tokens=MILLION, reasoning_tokens=MILLION)

    assert rates.tokens_usd(tokens) == 3


def test_cached_tokens_without_a_rate_cost_what_input_does() -> None:
    """A provider that lists no discount gives none."""
    rates = Rates(input=rate("2"), output=rate("4"))
    tokens = Usage(
        input_tokens=MILLION,
        output_tokens=0,
        cache_read_tokens=MILLION // 2,
        cache_write_tokens=MILLION // 2,
        cache_write_1h_tokens=MILLION // 4,
    )

    assert rates.tokens_usd(tokens) == 2


@pytest.mark.parametrize(("length", "usd"), [(200_000, 3), (200_001, 6), (500_001, 9)])
def test_a_long_input_moves_all_tokens_to_the_next_step(length: int, usd: int) -> None:
    """The step starts above its length, not at it, and holds for the whole call."""
    stepped = Rate(Decimal(3), ((200_000, Decimal(6)), (500_000, Decimal(9))))

    assert stepped.at(length) == usd


def test_web_searches_cost_by_the_thousand() -> None:
    """Searches are no tokens."""
    assert Rates(input=None, web_search=rate("10")).searches_usd(3) == Decimal("0.03")


def test_web_searches_without_a_rate_add_nothing() -> None:
    """Whoever charges must have asked before whether a rate is missing."""
    assert RATES.searches_usd(3) == 0


@pytest.mark.parametrize(
    ("rates", "missing"),
    [
        (Rates(input=None, output=rate("1")), "input"),
        (Rates(input=rate("1")), "output"),
        (Rates(input=rate("1"), output=rate("1")), None),
    ],
)
def test_says_what_was_used_and_has_no_rate(rates: Rates, missing: str | None) -> None:
    """A kind of token without a rate is not free."""
    assert rates.missing(Usage(input_tokens=5, output_tokens=5)) == missing


def test_what_was_not_used_needs_no_rate() -> None:
    """An embedding has no output, and its model no rate for it."""
    assert Rates(input=rate("1")).missing(Usage(input_tokens=5)) is None
