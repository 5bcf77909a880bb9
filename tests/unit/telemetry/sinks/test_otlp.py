"""What waits in the sink to OpenTelemetry."""

from __future__ import annotations

import pytest

from understudy.calls import Status
from understudy.events import CallEvent
from understudy.telemetry.sinks import _otlp

pytest.importorskip("opentelemetry.sdk")


def test_calls_that_nobody_tries_again_are_sent_when_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a program that goes on, they would wait for its end."""
    monkeypatch.setattr(_otlp, "_MOST_FAILED", 2)
    sink = _otlp.OtlpSink("http://127.0.0.1:9")
    for number in range(5):
        sink.emit(CallEvent(event_id="-", call_id=str(number), ts=0, status=Status.ERROR))

    assert sink.counts.emitted == 3
    sink.close(0)
