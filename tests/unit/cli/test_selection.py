"""Which rows a command reads."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta, timezone

import pytest

from understudy.cli._selection import moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-14", datetime(2026, 3, 14, tzinfo=UTC)),
        ("2026-03-14T09:26:53", datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)),
        ("2026-03-14T09:26:53Z", datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)),
        (
            "2026-03-14T09:26:53+02:00",
            datetime(2026, 3, 14, 9, 26, 53, tzinfo=timezone(timedelta(hours=2))),
        ),
    ],
)
def test_a_date_or_time_is_read(text: str, expected: datetime) -> None:
    """In UTC unless it says otherwise."""
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("90m", timedelta(minutes=90)),
        ("36h", timedelta(hours=36)),
        ("30d", timedelta(days=30)),
    ],
)
def test_an_age_counts_back_from_now(text: str, age: timedelta) -> None:
    """Minutes, hours, days."""
    assert abs(datetime.now(UTC) - age - moment(text)) < timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "yesterday", "30", "30y", "2026-13-01", "999999d", "-3d"])
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    """An age before the first year too."""
    with pytest.raises(argparse.ArgumentTypeError, match="Write 2026-03-14"):
        moment(text)
