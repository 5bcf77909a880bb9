"""Hands events to whatever takes them here; never raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..telemetry import active_telemetry
from ._factories import circuit_breaker_trip, provider_failover

if TYPE_CHECKING:
    from ..events.lifecycle import LifecycleEvent


def send(event: LifecycleEvent) -> bool:
    """Send an event with the run or sender that is active; False where none took it.

    What goes wrong is counted, said once at the end, and reaches nobody.
    """
    telemetry = active_telemetry()
    return telemetry is not None and telemetry.lifecycle.send(event)


def on_trip(provider: str, failures: int) -> None:
    """Send that a circuit breaker opened: a callback for parts that know no telemetry."""
    telemetry = active_telemetry()
    if telemetry is None or telemetry.lifecycle.mode == "off":  # two looks: the part is in a hurry
        return
    with telemetry.event_log.faults.contained("calling lifecycle.on_trip"):
        telemetry.lifecycle.take(circuit_breaker_trip(provider=provider, failures=failures))


def on_failover(from_provider: str, to_provider: str, reason: str | None = None) -> None:
    """Send that another provider is asked: a callback for parts that know no telemetry."""
    telemetry = active_telemetry()
    if telemetry is None or telemetry.lifecycle.mode == "off":
        return
    with telemetry.event_log.faults.contained("calling lifecycle.on_failover"):
        telemetry.lifecycle.take(
            provider_failover(from_provider=from_provider, to_provider=to_provider, reason=reason)
        )
