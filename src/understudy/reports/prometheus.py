"""The calls of a run as metrics, for the textfile collector of Prometheus' node exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..calls import Origin, Status
from ..pricing import is_unpriced
from ..prometheus import Request, RequestFigures, classic_text, new_registry
from ._figures import last_attempts
from ._models import by_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..events import CallEvent

_UNKNOWN: Final = "unknown"
_RATE_LIMITED: Final = 429
_AUTH_STATUSES: Final = frozenset({401, 402, 403})
_RETRIED_STATUSES: Final = frozenset({408, 409, 425})
_FIRST_REFUSAL: Final = 400
_FIRST_FAULT: Final = 500


def run_metrics(attempts: Sequence[CallEvent]) -> bytes:
    """Return the attempts of a run in the classic text format.

    Raises:
        SettingsError: prometheus-client is not installed.
    """
    registry, figures = new_registry("--llm-report=prometheus"), RequestFigures()
    registry.register(figures)
    _count(figures, attempts)
    return classic_text(registry)


def _count(figures: RequestFigures, attempts: Sequence[CallEvent]) -> None:
    last = {event.event_id for event in last_attempts(attempts)}
    took = _durations(attempts)
    reasons = {(event.call_id, event.attempt): _reason(event) for event in attempts}
    for (provider, model), events in by_model(attempts).items():
        named = provider or _UNKNOWN
        for event in events:
            is_last = event.event_id in last
            duration = took.get(event.call_id) if is_last else None
            request = _request(event, named, model or _UNKNOWN, duration)
            (figures.count if is_last else figures.add)(request)
            if event.attempt > 1:
                why = reasons.get((event.call_id, event.attempt - 1), _UNKNOWN)
                figures.add_retry(named, why)
            if event.status is Status.ERROR:
                figures.add_error(named)


def _durations(attempts: Sequence[CallEvent]) -> dict[str, float]:
    """Return the seconds of each call that a provider answered, without pauses in between."""
    answered = {e.call_id for e in last_attempts(attempts) if e.is_paid and e.status is Status.OK}
    took: dict[str, float] = {}
    for event in attempts:
        if event.call_id in answered and event.duration_ms is not None:
            took[event.call_id] = took.get(event.call_id, 0) + event.duration_ms / 1000
    return took


def _request(event: CallEvent, provider: str, model: str, duration_s: float | None) -> Request:
    has_first = event.is_paid and event.stream and event.ttfc_ms is not None
    return Request(
        provider=provider,
        model=model,
        agent_id="",
        cache_status="hit" if event.origin is Origin.REPLAYED else "bypass",
        is_paid=event.is_paid,
        duration_s=duration_s,
        first_content_s=(event.ttfc_ms or 0) / 1000 if has_first else None,
        input_tokens=event.input_tokens,
        output_tokens=event.output_tokens,
        cost_nanousd=event.cost_nanousd,
        is_unpriced=event.is_paid and is_unpriced(event),
    )


def _reason(event: CallEvent) -> str:
    """Say why an attempt failed in the words that a router has for it."""
    status, name = event.http_status or 0, event.error_type or ""
    if status == _RATE_LIMITED:
        return "rate_limit"
    if status in _AUTH_STATUSES:
        return "auth"
    if status in _RETRIED_STATUSES or status >= _FIRST_FAULT:
        return "server"
    if status >= _FIRST_REFUSAL:
        return "bad_request"
    words = {"Timeout": "timeout", "Connect": "connection"}
    return next((word for part, word in words.items() if part in name), _UNKNOWN)
