"""Retries of tenacity are repair attempts; it has no hook for all, so each takes a callback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _telling

if TYPE_CHECKING:
    from ..telemetry import TrackerHost


def repair_attempts(retry_state: Any) -> None:
    """Send an `llm_repair_attempt` before tenacity tries again: `before_sleep=repair_attempts`."""
    _telling.hear("tenacity", _tell, retry_state)


def _tell(telemetry: TrackerHost, retry_state: Any) -> None:
    outcome = retry_state.outcome
    if outcome.failed:
        number = retry_state.attempt_number
        _telling.tell_repair(telemetry, number=number, error=outcome.exception())
    else:  # `retry_if_result`: the answer itself was not good enough
        _telling.tell_repair(telemetry, number=retry_state.attempt_number, cause="content")
