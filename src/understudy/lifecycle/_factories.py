"""One function for each event, by the names that applications use."""

from __future__ import annotations

import reprlib
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from pydantic import ValidationError

from ..events import lifecycle

if TYPE_CHECKING:
    from collections.abc import Mapping

USD: TypeAlias = Decimal | float | str

_NANO: Final = 1_000_000_000
#: What an amount may come to; the store holds 64 bits.
_MOST: Final = 2**63

Event = TypeVar("Event", bound=lifecycle.LifecycleEvent)


def generation_started(
    *, provider: str | None = None, tool_name: str | None = None, repo: str | None = None
) -> lifecycle.GenerationStarted:
    """Return the event of an operation that begins.

    Raises:
        ValueError: an argument cannot be used.
    """
    return build(lifecycle.GenerationStarted, provider=provider, tool_name=tool_name, repo=repo)


def generation_completed(  # noqa: PLR0913 - the fields of the event
    *,
    success: bool,
    provider: str | None = None,
    tool_name: str | None = None,
    repo: str | None = None,
    cost: USD | None = None,
    duration_ms: float | None = None,
    attempts: int | None = None,
    error_category: str | None = None,
) -> lifecycle.GenerationCompleted:
    """Return the event of an operation that ended, at a `cost` in USD.

    Raises:
        ValueError: an argument cannot be used.
    """
    return build(
        lifecycle.GenerationCompleted,
        success=success,
        provider=provider,
        tool_name=tool_name,
        repo=repo,
        cost_nanousd=None if cost is None else _nanousd(cost),
        duration_ms=duration_ms,
        attempts=attempts,
        error_category=error_category,
    )


def repair_attempt(
    *,
    attempt_number: int,
    provider: str | None = None,
    tool_name: str | None = None,
    repo: str | None = None,
    error_category: str | None = None,
    cause: lifecycle.Cause | None = None,
) -> lifecycle.RepairAttempt:
    """Return the event of something that is tried once more, the first time with number 1.

    Raises:
        ValueError: an argument cannot be used.
    """
    return build(
        lifecycle.RepairAttempt,
        attempt_number=attempt_number,
        provider=provider,
        tool_name=tool_name,
        repo=repo,
        error_category=error_category,
        cause=cause,
    )


def validation_result(
    *,
    passed: bool,
    provider: str | None = None,
    tool_name: str | None = None,
    repo: str | None = None,
    attempt_number: int | None = None,
    error_category: str | None = None,
) -> lifecycle.ValidationResult:
    """Return the event of an answer that was checked.

    Raises:
        ValueError: an argument cannot be used.
    """
    return build(
        lifecycle.ValidationResult,
        passed=passed,
        provider=provider,
        tool_name=tool_name,
        repo=repo,
        attempt_number=attempt_number,
        error_category=error_category,
    )


def provider_failover(
    *,
    from_provider: str,
    to_provider: str,
    reason: str | None = None,
    tool_name: str | None = None,
) -> lifecycle.ProviderFailover:
    """Return the event of a provider that gave up and another that is asked the same.

    Raises:
        ValueError: an argument cannot be used.
    """
    return build(
        lifecycle.ProviderFailover,
        from_provider=from_provider,
        to_provider=to_provider,
        reason=reason,
        tool_name=tool_name,
    )


def circuit_breaker_trip(
    *, provider: str, failures: int, reason: str | None = None
) -> lifecycle.CircuitBreakerTrip:
    """Return the event of a circuit breaker that opened after so many `failures`.

    Raises:
        ValueError: an argument cannot be used.
    """
    return build(lifecycle.CircuitBreakerTrip, provider=provider, failures=failures, reason=reason)


def build(sort: type[Event], **fields: Any) -> Event:
    """Make an event.

    Raises:
        ValueError: says in one line which argument is wrong.
    """
    try:
        return sort(**fields)
    except ValidationError as error:
        raise ValueError(_explanation(sort, error, fields)) from None


def _explanation(
    sort: type[lifecycle.LifecycleEvent], error: ValidationError, fields: Mapping[str, Any]
) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    return f"{sort.__name__}: {name}={reprlib.repr(fields.get(name))}: {first['msg']}"


def _nanousd(cost: USD) -> int:
    """Return USD in units of 1e-9, halves to even."""
    try:
        amount = Decimal(str(cost)) if not isinstance(cost, bool) else Decimal("NaN")
    except InvalidOperation:
        raise _no_amount(cost) from None
    if not amount.is_finite() or not 0 <= amount < _MOST / _NANO:
        raise _no_amount(cost)
    return int((amount * _NANO).to_integral_value())


def _no_amount(cost: object) -> ValueError:
    return ValueError(f"cost={reprlib.repr(cost)}: an amount in USD from 0 on")
