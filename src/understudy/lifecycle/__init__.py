"""Lifecycle events: what the calls of an application were for.

`with generation(...)` sends what most want to know; a factory makes each event by itself, and
`send` hands it to the run or sender that is active.
"""

from ..events.lifecycle import (
    CircuitBreakerTrip,
    GenerationCompleted,
    GenerationStarted,
    LifecycleEvent,
    ProviderFailover,
    RepairAttempt,
    ValidationResult,
)
from ._factories import (
    circuit_breaker_trip,
    generation_completed,
    generation_started,
    provider_failover,
    repair_attempt,
    validation_result,
)
from ._generation import Generation, generation
from ._send import on_failover, on_trip, send
from ._sender import LifecycleSender

__all__ = [
    "CircuitBreakerTrip",
    "Generation",
    "GenerationCompleted",
    "GenerationStarted",
    "LifecycleEvent",
    "LifecycleSender",
    "ProviderFailover",
    "RepairAttempt",
    "ValidationResult",
    "circuit_breaker_trip",
    "generation",
    "generation_completed",
    "generation_started",
    "on_failover",
    "on_trip",
    "provider_failover",
    "repair_attempt",
    "send",
    "validation_result",
]
