"""Figures of a set of calls. What is unknown is counted, never taken for 0."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the attempts that say a figure; None where none does.

    `missing` counts the calls that should have said it and did not.
    """

    value: int | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Latency:
    """Quantiles in milliseconds over attempts that succeeded.

    `measured` is False where all answers were replayed or mocked: the figures then say
    nothing about a provider. Where some were not, only those count.
    """

    p50_ms: float
    p95_ms: float
    measured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a set of calls asked, waited and paid.

    `calls` are logical calls, `attempts` HTTP requests. `errors` are failed attempts,
    `failed_calls` those whose last attempt failed, `cancelled` those whose last attempt
    was given up. Tokens, `cost` (in 1e-9 USD) and `call_ms` (the durations) sum over all
    attempts.
    """

    calls: int
    attempts: int
    errors: int
    failed_calls: int
    cancelled: int
    input_tokens: Total
    output_tokens: Total
    cache_read_tokens: Total
    cache_write_tokens: Total
    reasoning_tokens: Total
    cost: Total
    ttfc: Latency | None
    duration: Latency | None
    call_ms: float
    simulated: bool
