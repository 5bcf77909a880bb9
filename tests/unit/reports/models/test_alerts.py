"""An alert in a sentence, and as a row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from understudy.analytics.alerts import Alert
from understudy.reports.models import alert_as_json, alert_text

SINCE = datetime(2026, 3, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "subject", "value", "limit", "words"),
    [
        ("store", "size", 123e6, 1e8, "takes 123 MB (limit: 100 MB)"),
        ("store", "rows", 1_200_000, 1e6, "holds 1,200,000 rows (limit: 1,000,000)"),
        ("store", "pruning", 75.2, 60, "its oldest row is 75 days old, 60 are kept"),
        ("efficiency", "gemma", 34.4, 20, "gemma is 34 % slower than in the weeks before"),
        ("cost", "day", 12.5, 10, "cost of day: 12.5 (limit: 10)"),
    ],
)
def test_a_sentence_says_what_is_wrong(
    kind: str, subject: str, value: float, limit: float, words: str
) -> None:
    """With the value, the limit and the day it began."""
    alert = Alert(kind=kind, subject=subject, level="warning", value=value, limit=limit)

    assert words in alert_text(alert)
    assert "since" not in alert_text(alert)


def test_a_row_has_the_documented_keys() -> None:
    """Unknown is null."""
    known = Alert(
        kind="efficiency", subject="m", level="warning", value=34.0, limit=20, since=SINCE
    )
    unknown = Alert(kind="store", subject="size", level="warning", value=2, limit=1)

    assert alert_as_json(known) == {
        "kind": "efficiency",
        "subject": "m",
        "level": "warning",
        "value": 34.0,
        "limit": 20,
        "budget": None,
        "since": "2026-03-14T00:00:00+00:00",
    }
    assert alert_as_json(unknown)["since"] is None
    assert "since 2026-03-14" in alert_text(known)
