"""Events as records of the standard library's logging."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from understudy.events import parse_event
from understudy.pricing import Prices, price_book
from understudy.telemetry import LoggingSink, Owner, SinkListener, Told

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from understudy.telemetry import Recorded

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


class LaterSink(LoggingSink):
    """Keeps what makes events."""

    def __init__(self) -> None:
        super().__init__(level=logging.CRITICAL)
        self.builds: list[Callable[[], Recorded]] = []

    def emit_later(self, build: Callable[[], Recorded]) -> None:
        """Keep it."""
        self.builds.append(build)


def test_a_sink_that_can_wait_builds_its_events_itself() -> None:
    """Not those of calls, of which more may be told later."""
    sink = LaterSink()
    listener = SinkListener(sink, price_book(Prices()))
    built = []

    def build() -> Recorded:
        built.append(EVENT)
        return EVENT

    listener.hear(Owner(), Told(build))
    assert (sink.builds, built) == ([build], [])

    listener.hear(Owner(), Told(build, is_call=True))
    assert (len(sink.builds), built) == (1, [EVENT])
