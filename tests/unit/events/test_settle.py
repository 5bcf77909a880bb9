"""A prediction against what its call came to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from understudy.events import CallEvent, TokenEstimate, settle

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def predicted(**fields: Any) -> TokenEstimate:
    row: dict[str, Any] = {"estimate_id": "e", "ts": NOON, "predicted_output_tokens": 1200}
    return TokenEstimate(**row | fields)


def attempt(number: int = 1, **fields: Any) -> CallEvent:
    call: dict[str, Any] = {
        "event_id": f"event-{number}",
        "call_id": "call",
        "ts": NOON,
        "attempt": number,
        "request_model": "gpt-4o",
    }
    return CallEvent(**call | fields)


def test_the_outcome_is_that_of_the_last_successful_attempt() -> None:
    """In whatever order the attempts are given."""
    attempts = [
        attempt(3, status="error", output_tokens=7),
        attempt(
            2,
            response_model="gpt-4o-2024",
            output_tokens=800,
            input_tokens=90,
            finish_reason="stop",
        ),
        attempt(1, status="ok", output_tokens=5),
    ]

    found = settle(predicted(model="gpt-5"), attempts)

    assert (found.actual_output_tokens, found.success, found.truncated) == (800, True, False)
    assert (found.stop_reason, found.model, found.prompt_tokens) == ("stop", "gpt-4o-2024", 90)
    assert found.smape_percent == pytest.approx(40.0)
    assert (found.waste_ratio, found.underestimated) == (1.5, False)


def test_a_call_that_never_succeeded_has_no_outcome() -> None:
    """Success is false, what it would have written is unknown."""
    found = settle(predicted(), [attempt(1, status="error"), attempt(2, status="cancelled")])

    assert (found.success, found.actual_output_tokens, found.truncated) == (False, None, None)
    assert (found.smape_percent, found.waste_ratio, found.underestimated) == (None, None, None)


def test_an_answer_without_usage_is_a_success_without_a_figure() -> None:
    """Unknown is not zero."""
    found = settle(predicted(), [attempt()])

    assert (found.success, found.actual_output_tokens, found.smape_percent) == (True, None, None)


def test_a_prediction_without_a_call_stays_as_it_is() -> None:
    """There is nothing to say of it, not even that it failed."""
    estimate = predicted()

    assert settle(estimate, []) == estimate


def test_what_was_said_of_the_prompt_beforehand_stays() -> None:
    """The estimator knew that, and not what the provider counted."""
    found = settle(predicted(prompt_tokens=5), [attempt(input_tokens=90)])

    assert found.prompt_tokens == 5


@pytest.mark.parametrize(
    ("reason", "truncated"),
    [
        ("length", True),
        ("max_tokens", True),
        ("MAX_TOKENS", True),
        ("max_output_tokens", True),
        ("model_context_window_exceeded", True),
        ("stop", False),
        ("end_turn", False),
        (None, None),
    ],
)
def test_an_answer_that_met_a_limit_is_truncated(
    reason: str | None, *, truncated: bool | None
) -> None:
    """In each provider's own word for it."""
    found = settle(predicted(), [attempt(output_tokens=1, finish_reason=reason)])

    assert found.truncated is truncated
