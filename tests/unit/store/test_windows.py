"""Windows of time, cut into days, hours and the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from understudy.store._windows import Span, cut

_MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2026, 3, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
_LENGTHS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "rows": timedelta(0)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@given(since=_MOMENTS, until=_MOMENTS)
def test_spans_cover_the_window_without_gap_or_overlap(since: datetime, until: datetime) -> None:
    """Whole days and hours start and end where days and hours do."""
    spans = cut(since, until)

    moments = [moment for span in spans for moment in (span.start, span.end)]
    assert moments[:1] + moments[-1:] == ([since, until] if since < until else [])
    assert moments[1:-1:2] == moments[2::2]
    for span in spans:
        length = _LENGTHS[span.source]
        if length:
            assert not (span.start - _EPOCH) % length
            assert not (span.end - _EPOCH) % length
        else:
            assert span.end - span.start < 2 * timedelta(hours=1)


def test_a_window_is_read_in_utc() -> None:
    """Wherever the clock of the caller stands."""
    zone = timezone(timedelta(hours=5))
    since = datetime(2026, 1, 1, 5, tzinfo=zone)

    spans = cut(since, since + timedelta(days=1))

    assert spans == [
        Span("days", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    ]


def test_an_open_window_has_no_ragged_end() -> None:
    """The day and the hour that run are in the rollups already."""
    spans = cut(datetime(2026, 1, 1, 22, 30, tzinfo=UTC), None)

    assert [span.source for span in spans] == ["rows", "hours", "days"]
