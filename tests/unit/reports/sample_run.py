"""A small run: two models, a retry, a replay, a fixture, and calls nobody can price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from understudy.events import CallEvent

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHAT = "tests/test_chat.py::test_answers"
PLAN = "tests/agents/test_planner.py::TestPlanner::test_makes_a_plan[long]"


def attempt(number: int = 1, **figures: Any) -> CallEvent:
    """Make a successful, priced attempt; `number` sets its ids and its place in time."""
    fields: dict[str, Any] = {
        "event_id": f"e{number}",
        "call_id": f"c{number}",
        "ts": START + timedelta(seconds=number),
        "phase_id": CHAT,
        "provider": "openai",
        "wire_api": "openai.chat",
        "operation": "chat",
        "origin": "live",
        "http_status": 200,
        "request_model": "gpt-4o",
        "response_model": "gpt-4o-2024-08-06",
        "input_tokens": 1_200,
        "output_tokens": 300,
        "usage_source": "provider",
        "cost_nanousd": 6_000_000,
        "cost_source": "price_table",
        "price_table": "a list",
        "ttfc_ms": 320.0,
        "duration_ms": 850.0,
    }
    return CallEvent.model_validate(fields | figures)


UNPRICED = {"cost_nanousd": None, "cost_source": "none", "price_table": None}
NO_USAGE = UNPRICED | {"input_tokens": None, "output_tokens": None, "usage_source": "none"}
REFUSED = NO_USAGE | {
    "status": "error",
    "http_status": 429,
    "response_model": None,
    "ttfc_ms": None,
    "duration_ms": 30.0,
}
LLAMA = {
    "provider": "ollama",
    "wire_api": "ollama.chat",
    "request_model": "llama3",
    "response_model": "llama3",
}
SONNET = {
    "provider": "anthropic",
    "wire_api": "anthropic.messages",
    "request_model": "claude-sonnet-4-5",
    "response_model": "claude-sonnet-4-5-20250929",
    "phase_id": PLAN,
    "cost_nanousd": 8_000_000,
    "duration_ms": 4_210.0,
}


def sample_run() -> list[CallEvent]:
    """Return the attempts of the run."""
    return [
        attempt(1),
        attempt(2, call_id="retried", **REFUSED),
        attempt(3, call_id="retried", attempt=2, cache_read_tokens=800),
        attempt(4, **SONNET, reasoning_tokens=100),
        attempt(5, **SONNET, origin="replayed"),
        attempt(6, **(UNPRICED | LLAMA)),
        attempt(7, **(NO_USAGE | {"phase_id": "fixture:warm_cache"})),
        attempt(8, phase_id=None, status="cancelled", usage_source="estimated"),
    ]
