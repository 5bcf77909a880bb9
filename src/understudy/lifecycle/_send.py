"""Hands events to whatever takes them here; never raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..telemetry import active_telemetry
from ._factories import circuit_breaker_trip, provider_failover

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..events.lifecycle import LifecycleEvent


def send(event: LifecycleEvent) -> bool:
    """Send an event with the run or sender that is active; False where none took it.

    What goes wrong is counted, said once at the end, and reaches nobody.
    """
    telemetry = active_telemetry()
    return telemetry is not None and telemetry.lifecycle.send(event)


def on_trip(provider: str, failures: int) -> None:
    """Send that a circuit breaker opened: a callback for parts that know no telemetry."""
    _send_made("on_trip", lambda: circuit_breaker_trip(provider=provider, failures=failures))


def on_failover(from_provider: str, to_provider: str, reason: str | None = None) -> None:
    """Send that another provider is asked: a callback for parts that know no telemetry."""
    providers = {"from_provider": from_provider, "to_provider": to_provider}
    _send_made("on_failover", lambda: provider_failover(**providers, reason=reason))


def _send_made(callback: str, make: Callable[[], LifecycleEvent]) -> None:
    """Send an event where one is wanted; a callback raises nothing, not even for bad arguments."""
    telemetry = active_telemetry()
    if telemetry is not None and telemetry.lifecycle.is_on:
        with telemetry.event_log.faults.contained(f"calling lifecycle.{callback}"):
            telemetry.lifecycle.send(make())
