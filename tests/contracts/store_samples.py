"""Records for the contract of stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from understudy.calls import Operation, Origin, Status
from understudy.events import CallEvent, new_id
from understudy.store import Phase, Run

NOON: Final = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
RUN: Final = Run(run_id="run", started=NOON)
PHASE: Final = Phase(run_id="run", phase_id="test_a.py::test_b")

#: Every field that a call may have and `call` does not set.
_ALL_FIELDS: Final[dict[str, Any]] = {
    "stage": "call",
    "subject_id": "subject",
    "user_id": "user",
    "message_id": "message",
    "tier": "L3",
    "prompt_version": "7",
    "attempt": 2,
    "wire_api": "openai_chat",
    "host": "api.openai.com",
    "operation": Operation.CHAT,
    "response_model": "gpt-4o-2024-08-06",
    "response_id": "chatcmpl-1",
    "finish_reason": "stop",
    "stream": True,
    "input_tokens": 100,
    "output_tokens": 20,
    "cache_read_tokens": 60,
    "cache_write_tokens": 30,
    "cache_write_1h_tokens": 10,
    "reasoning_tokens": 5,
    "usage_source": "provider",
    "usage_raw": {"z": [1, 2.5, None], "a": {"ü": "é"}},
    "cost_nanousd": 1_234_567,
    "cost_source": "price_table",
    "price_table": "2026-03-01",
    "service_tier": "default",
    "reported_cost_usd": 0.0012,
    "ttfb_ms": 1.5,
    "ttfc_ms": 2.25,
    "duration_ms": 1000.125,
    "clock": "virtual",
    "recorded_ttfc_ms": 3.5,
    "recorded_duration_ms": 4.5,
    "profile": "realistic_l3",
    "scenario": "greeting",
    "cassette": "a.yaml",
    "cassette_verdict": "played",
    "fault": "rate_limit",
    "edit_latency_ms": 7.5,
    "lines_emitted": 3,
    "lines_accepted": 2,
    "lines_rejected": 1,
    "escalated": True,
    "escalation_reason": "too hard",
    "status": Status.ERROR,
    "http_status": 429,
    "error_type": "rate_limit",
    "error": "slow down",
    "request_content": "Grüße",
    "response_content": "'; DROP TABLE telemetry; --",
}


def call(**fields: Any) -> CallEvent:
    """Make a call of the test of PHASE."""
    event_id = new_id()
    known: dict[str, Any] = {
        "event_id": event_id,
        "call_id": event_id,
        "ts": NOON,
        "run_id": "run",
        "phase_id": PHASE.phase_id,
        "provider": "openai",
        "request_model": "gpt-4o",
        "origin": Origin.LIVE,
    }
    return CallEvent(**(known | fields))


def full_call() -> CallEvent:
    """Make a call with every field set."""
    return call(**_ALL_FIELDS)
