"""How figures are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.reports import Total
from understudy.reports._number_format import (
    cost,
    costs_alike,
    dollars,
    latency,
    milliseconds,
    shorten,
    tokens,
)


@pytest.mark.parametrize(
    ("nanousd", "texts"),
    [
        ((2_091_000, 59_400), ["$0.002091", "$0.000059"]),
        ((2_091_000, 3_600), ["$0.002091000", "$0.000003600"]),
        ((12_345_678_901, 1_234_567_890), ["$12.3457", "$1.2346"]),
        ((12_345_678_901, 350_000), ["$12.345679", "$0.000350"]),
        ((None, 0), ["-", "$0.000000"]),
    ],
)
def test_costs_below_each_other_have_the_same_decimals(
    nanousd: tuple[int | None, ...], texts: list[str]
) -> None:
    """As many as show two digits of the least."""
    assert costs_alike(map(Total, nanousd)) == texts


@pytest.mark.parametrize(
    ("nanousd", "text"),
    [
        (0, "$0.000000"),
        (350_000, "$0.000350"),
        (3_600, "$0.000003600"),
        (20, "$0.000000020"),
        (787_200, "$0.000787"),
        (35_000_000, "$0.035000"),
        (999_999_900, "$1.000000"),
        (1_234_567_890, "$1.2346"),
        (12_345_678_901, "$12.35"),
        (1_234_567_890_123, "$1,234.57"),
    ],
)
def test_dollars_keep_the_digits_that_matter(nanousd: int, text: str) -> None:
    """Cheap calls need many decimals, dear ones few."""
    assert dollars(nanousd) == text


@pytest.mark.parametrize(
    ("total", "text"),
    [
        (Total(12_300_000), "$0.012300"),
        (Total(12_300_000, missing=2), "$0.012300 + 2 unpriced"),
        (Total(None, missing=2), "unpriced"),
        (Total(0), "$0.000000"),
        (Total(), "-"),
    ],
)
def test_a_cost_says_what_it_leaves_out(total: Total, text: str) -> None:
    """Unknown is not zero, and a sum over unknown parts is no sum."""
    assert cost(total) == text


@pytest.mark.parametrize(
    ("total", "text"),
    [
        (Total(12_345), "12,345"),
        (Total(12_345, missing=1), "12,345+"),
        (Total(None, missing=1), "n/a"),
        (Total(), "-"),
    ],
)
def test_tokens_say_what_they_leave_out(total: Total, text: str) -> None:
    """A plus stands for the calls that said nothing."""
    assert tokens(total) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "0.0 ms"),
        (0.44, "0.4 ms"),
        (9.96, "10 ms"),
        (850, "850 ms"),
        (999.4, "999 ms"),
        (999.6, "1.00 s"),
        (1_240, "1.24 s"),
        (9_996, "10.0 s"),
        (75_300, "75.3 s"),
        (119_400, "119.4 s"),
        (119_600, "2 min 00 s"),
        (185_000, "3 min 05 s"),
        (7_200_000, "120 min 00 s"),
    ],
)
def test_durations_have_sensible_units(duration: float, text: str) -> None:
    """Milliseconds, seconds, minutes, with about three digits."""
    assert milliseconds(duration) == text


def test_a_latency_that_measures_no_provider_has_a_star() -> None:
    """A replayed or mocked answer's timing is ours."""
    assert latency(850.0) == "850 ms"
    assert latency(850.0, measured=False) == "850 ms*"
    assert latency(None) == "-"


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (26, "claude-sonnet-4-5-20250929"),
        (13, "claud...50929"),
        (4, "c..."),
        (3, "cla"),
    ],
)
def test_long_names_lose_their_middle(width: int, text: str) -> None:
    """Family and date, at the ends, tell models apart."""
    assert shorten("claude-sonnet-4-5-20250929", width) == text


@given(st.text(), st.integers(0, 40))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    """Whatever the text, it is at most as long as asked."""
    assert len(shorten(text, width)) <= width
