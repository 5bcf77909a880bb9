"""The marker `llm_budget`, judged when the test has torn down."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ..calls import Status
from ..pricing import is_unpriced
from ..reports import count
from ._call_log import CallLog
from ._marker_checks import budget_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..events import CallEvent
    from ..pricing import PriceBook
    from ..telemetry import Owner
    from ._marker_checks import Budget


def judge_budget(item: pytest.Item, owner: Owner, prices: PriceBook) -> None:
    """Fail the test where its calls exceed the limits of its marker.

    What cannot be known (a price, a token count) under a limit for it fails too.
    """
    budget = budget_of(item)
    if budget is None:
        return
    breaches = list(_breaches(CallLog(owner, prices), budget))
    if breaches:
        pytest.fail("llm_budget exceeded: " + "; ".join(breaches), pytrace=False)


def _breaches(calls: CallLog, budget: Budget) -> Iterator[str]:
    attempts = [event for call in calls for event in call.attempts]
    if budget.calls is not None and calls.count > budget.calls:
        yield f"{count(calls.count, 'call')}, {budget.calls:g} allowed"
    if budget.usd is not None:
        yield from _cost_breaches(attempts, Decimal(str(budget.usd)))
    if budget.tokens is not None:
        yield from _token_breaches(attempts, budget.tokens)
    if budget.ttfc_ms is not None:
        yield from _ttfc_breaches(attempts, budget.ttfc_ms)


def _cost_breaches(attempts: list[CallEvent], limit: Decimal) -> Iterator[str]:
    unpriced = sorted({event.model or "unknown" for event in attempts if is_unpriced(event)})
    if unpriced:
        yield (
            f"no price for {', '.join(unpriced)}, so usd={limit:f} cannot be judged"
            " (price it in [tool.understudy.prices])"
        )
    cost = Decimal(sum(event.cost_nanousd or 0 for event in attempts)) / 1_000_000_000
    if cost > limit:
        yield f"${cost:f} at list price, ${limit:f} allowed"


def _token_breaches(attempts: list[CallEvent], limit: float) -> Iterator[str]:
    counts = [_tokens(event) for event in attempts if event.status is not Status.ERROR]
    unknown = counts.count(None)
    if unknown:
        yield f"{count(unknown, 'call')} sent no usage, so tokens={limit:g} cannot be judged"
    total = sum(count for count in counts if count is not None)
    if total > limit:
        yield f"{count(total, 'token')}, {limit:g} allowed"


def _tokens(event: CallEvent) -> int | None:
    return None if event.input_tokens is None else event.input_tokens + (event.output_tokens or 0)


def _ttfc_breaches(attempts: list[CallEvent], limit: float) -> Iterator[str]:
    times = [event.ttfc_ms for event in attempts if event.ttfc_ms is not None]
    if times and max(times) > limit:
        yield f"first content after {max(times):.0f} ms, {limit:g} ms allowed"
