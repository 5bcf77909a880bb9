"""Tables that fit a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.reports._layout import Column, fits, lay_out

NAMES = Column("model", ("gpt-4o-2024-08-06", "o3"), name=10)
CALLS = Column("calls", ("12", "3"), rank=2)
COST = Column("cost", ("$0.0350", "unpriced"))
ERRORS = Column("errors", ("0", "0"), rank=1, quiet=True)


def test_names_stand_left_and_figures_right() -> None:
    """Titles stand where their cells do."""
    assert lay_out([NAMES, CALLS, COST], 80) == [
        "model              calls      cost",
        "gpt-4o-2024-08-06     12   $0.0350",
        "o3                     3  unpriced",
    ]


def test_a_quiet_column_without_news_is_left_out() -> None:
    """A column of zeros tells nothing."""
    assert lay_out([NAMES, ERRORS, COST], 80)[0] == "model                  cost"


def test_a_quiet_column_with_news_stays() -> None:
    """One error is news."""
    errors = Column("errors", ("0", "1"), rank=1, quiet=True)

    assert lay_out([NAMES, errors, COST], 80)[0] == "model              errors      cost"


def test_names_give_way_before_columns_do() -> None:
    """A name may lose its middle down to its own limit."""
    assert lay_out([NAMES, CALLS, COST], 30) == [
        "model          calls      cost",
        "gpt-4...08-06     12   $0.0350",
        "o3                 3  unpriced",
    ]


def test_the_column_of_the_least_rank_goes_first() -> None:
    """What matters least is left out first."""
    attempts = Column("attempts", ("14", "3"), rank=1)

    assert lay_out([NAMES, attempts, CALLS, COST], 30)[0] == "model          calls      cost"


def test_without_columns_to_drop_names_shrink_further() -> None:
    """A column without a rank always stays."""
    assert lay_out([NAMES, CALLS, COST], 18) == [
        "model         cost",
        "gpt...06   $0.0350",
        "o3        unpriced",
    ]


def test_short_names_leave_their_room_to_long_ones() -> None:
    """Two names share what is left; the shorter keeps what it needs."""
    tests = Column("test", ("t", "t"), name=10)

    assert lay_out([NAMES, tests], 21)[1] == "gpt-4o...-08-06  t"


@pytest.mark.parametrize(("width", "expected"), [(27, True), (26, False)])
def test_fits_where_no_column_is_dropped(width: int, *, expected: bool) -> None:
    """Quiet columns need no room, and names no more than their limit."""
    assert fits([NAMES, ERRORS, CALLS, COST], width) is expected


cells = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60)


@given(st.integers(20, 120), st.data())
def test_lines_never_exceed_the_width(width: int, data: st.DataObject) -> None:
    """A terminal that breaks our lines breaks the table."""
    rows = data.draw(st.integers(1, 4))
    column = st.lists(cells, min_size=rows, max_size=rows).map(tuple)
    columns = [
        Column("model", data.draw(column), name=12),
        Column("input", data.draw(column), rank=1),
        Column("cost", data.draw(column)),
    ]

    assert all(len(line) <= width for line in lay_out(columns, width))
