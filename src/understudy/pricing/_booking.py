"""Prices in events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..calls import Origin, Status
from ._reading import billed_call_of

if TYPE_CHECKING:
    from ..events import CallEvent
    from ._price import PriceBook

_FIRST_REFUSAL = 300


def price_call(event: CallEvent, book: PriceBook) -> CallEvent:
    """Return the event with its cost and where that comes from.

    An event that has a cost keeps it; one that nobody bills, or whose price is unknown,
    has none.
    """
    if event.cost_nanousd is not None or not is_billable(event):
        return event
    price = book.price(billed_call_of(event))
    if price.nanousd is None:
        return event
    return event.model_copy(
        update={
            "cost_nanousd": price.nanousd,
            "cost_source": price.source,
            "price_table": price.table,
        }
    )


def explain(event: CallEvent, book: PriceBook) -> str | None:
    """Say why an event that somebody bills has no cost; None where it has one."""
    return book.price(billed_call_of(event)).reason if is_unpriced(event) else None


def is_billable(event: CallEvent) -> bool:
    """Tell whether a provider charges for the attempt.

    Not where it failed before an answer, nor for a scenario that was played without any model.
    """
    if event.origin is Origin.MOCKED and event.model is None:
        return False
    if event.status is not Status.ERROR:
        return True
    return event.http_status is not None and event.http_status < _FIRST_REFUSAL


def is_unpriced(event: CallEvent) -> bool:
    """Tell whether the attempt costs something and nobody knows what."""
    return event.cost_nanousd is None and is_billable(event)
