"""Predictions with an outcome."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from understudy.events import TokenEstimate

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def estimate(predicted: int, actual: int | None, **fields: Any) -> TokenEstimate:
    """Make a prediction, and what its call came to; None is unknown."""
    known: dict[str, Any] = {
        "estimate_id": "e1",
        "ts": NOON,
        "run_id": "run",
        "phase_id": "test_a.py::test_b",
        "predicted_output_tokens": predicted,
        "actual_output_tokens": actual,
        "success": True,
    }
    return TokenEstimate(**known | fields)
