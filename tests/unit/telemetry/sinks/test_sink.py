"""Events as records of the standard library's logging."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from understudy.events import parse_event
from understudy.telemetry import LoggingSink

if TYPE_CHECKING:
    import pytest

EVENT = parse_event({"event_type": "undo", "event_id": "1", "ts": 1, "subject_id": "s"})


def test_an_event_is_a_record(caplog: pytest.LogCaptureFixture) -> None:
    """As JSON without its empty fields."""
    caplog.set_level(logging.INFO)

    LoggingSink().emit(EVENT)

    (record,) = caplog.records
    assert record.name == "understudy.events"
    assert '"subject_id":"s"' in record.getMessage()
    assert "user_id" not in record.getMessage()


def test_below_the_level_nothing_is_made(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody would see it."""
    caplog.set_level(logging.INFO)

    LoggingSink(level=logging.DEBUG).emit(EVENT)

    assert caplog.records == []
