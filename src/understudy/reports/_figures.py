"""Figures of a set of calls. What is unknown is counted, never taken for 0."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..calls import SILENT, Status
from ..pricing import is_billable
from ..stats import quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..events import CallEvent


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the attempts that say a figure; None where none does.

    `missing` counts the calls that should have said it and did not. `reported`: some of a cost
    is the provider's own word, not a list price.
    """

    value: int | None = None
    missing: int = 0
    reported: bool = False


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


def figures_of(attempts: Sequence[CallEvent]) -> Figures:
    """Sum up attempts, which may belong to several calls."""
    last = last_attempts(attempts)
    writing = (event for event in attempts if event.operation not in SILENT)
    return Figures(
        calls=len(last),
        attempts=len(attempts),
        errors=sum(event.status is Status.ERROR for event in attempts),
        failed_calls=sum(event.status is Status.ERROR for event in last),
        cancelled=sum(event.status is Status.CANCELLED for event in last),
        input_tokens=_total(attempts, lambda event: event.input_tokens),
        output_tokens=_total(writing, lambda event: event.output_tokens),
        cache_read_tokens=_total(attempts, lambda event: event.cache_read_tokens),
        cache_write_tokens=_total(attempts, lambda event: event.cache_write_tokens),
        reasoning_tokens=_total(attempts, lambda event: event.reasoning_tokens),
        cost=cost_of(attempts),
        ttfc=_latency(attempts, lambda event: event.ttfc_ms),
        duration=_latency(attempts, lambda event: event.duration_ms),
        call_ms=sum(event.duration_ms or 0 for event in attempts),
        simulated=any(event.is_simulated for event in attempts),
    )


def cost_of(attempts: Sequence[CallEvent]) -> Total:
    """Sum up the cost of attempts in 1e-9 USD."""
    reported = any(event.cost_source == "provider" for event in attempts)
    return replace(_total(attempts, lambda event: event.cost_nanousd), reported=reported)


def last_attempts(attempts: Iterable[CallEvent]) -> list[CallEvent]:
    """Return the last attempt of each logical call, in the order of their first ones."""
    last: dict[str, CallEvent] = {}
    for event in attempts:
        known = last.get(event.call_id)
        if known is None or event.attempt >= known.attempt:
            last[event.call_id] = event
    return list(last.values())


def _total(attempts: Iterable[CallEvent], read: Callable[[CallEvent], int | None]) -> Total:
    known: list[int] = []
    missing: set[str] = set()
    for event in attempts:
        value = read(event)
        if value is not None:
            known.append(value)
        elif is_billable(event):
            missing.add(event.call_id)
    return Total(sum(known) if known else None, len(missing))


def _latency(
    attempts: Iterable[CallEvent], read: Callable[[CallEvent], float | None]
) -> Latency | None:
    measured: list[float] = []
    simulated: list[float] = []
    for event in attempts:
        value = read(event)
        if value is not None and event.status is Status.OK:
            (simulated if event.is_simulated else measured).append(value)
    values = measured or simulated
    if not values:
        return None
    return Latency(quantile(values, 0.5), quantile(values, 0.95), measured=bool(measured))
