"""A test's figures as properties of its report, which JUnit files show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._call_log import CallLog

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ....pricing import PriceBook
    from ....telemetry import Owner


def properties_of(owner: Owner, prices: PriceBook | None) -> list[tuple[str, object]]:
    """Return the figures of a test, nothing for a test without a call.

    The cost is among them only with `prices`, which take their time to load.
    """
    attempts = [recorded.fields for recorded in owner.calls]
    if not attempts:
        return []
    figures = {
        "llm.calls": len({attempt["call_id"] for attempt in attempts}),
        "llm.attempts": len(attempts),
        "llm.errors": sum(attempt.get("status") == "error" for attempt in attempts),
        "llm.input_tokens": _sum(_known(attempts, "input_tokens")),
        "llm.output_tokens": _sum(_known(attempts, "output_tokens")),
        "llm.cost_usd": None if prices is None else _cost(CallLog(owner, prices)),
        "llm.ttfc_ms": max(_known(attempts, "ttfc_ms"), default=None),
        "llm.duration_ms": _sum(_known(attempts, "duration_ms")),
    }
    return [(name, value) for name, value in figures.items() if value is not None]


def _cost(calls: CallLog) -> str | None:
    cost = calls.total_cost_usd
    return None if cost is None else str(cost)


def _known(attempts: Iterable[dict[str, Any]], name: str) -> Iterator[float]:
    return (attempt[name] for attempt in attempts if attempt.get(name) is not None)


def _sum(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(sum(known), 3) if known else None
