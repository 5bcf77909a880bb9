"""Events and billed calls to price, with figures that a test can override."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from understudy.events import CallEvent
from understudy.pricing import BilledCall, billed_call_of

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

FIGURES: dict[str, Any] = {
    "event_id": "e1",
    "call_id": "c1",
    "ts": NOON,
    "provider": "openai",
    "wire_api": "openai.chat",
    "operation": "chat",
    "origin": "live",
    "http_status": 200,
    "request_model": "gpt-4o",
    "input_tokens": 10_000,
    "output_tokens": 1_000,
    "usage_source": "provider",
}


def sample_call(**figures: Any) -> CallEvent:
    """Make a call of gpt-4o, 10,000 tokens in and 1,000 out, with `figures` instead."""
    return CallEvent.model_validate(FIGURES | figures)


def sample_billed_call(**figures: Any) -> BilledCall:
    """Make what `sample_call(**figures)` bought."""
    return billed_call_of(sample_call(**figures))
