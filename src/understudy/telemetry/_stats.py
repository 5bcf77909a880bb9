"""Aggregates over the events of one subject."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import inf
from statistics import fmean
from typing import TYPE_CHECKING, Any

from ..calls import Status
from ..events import AnyEvent, CallEvent, rounded_usd
from ..pricing import is_billable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectStats:
    """Counts of events by type, and sums over the calls.

    A sum is None where no call of the subject said it: unknown is not zero.
    `cost_usd` is None where a call has no price.
    `mean_ttfc_ms` and `mean_duration_ms` are means over the calls that have the figure.
    """

    calls: int = 0
    direct_edits: int = 0
    undos: int = 0
    escalations: int = 0
    errors: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: Decimal | None = None
    lines_emitted: int | None = None
    lines_accepted: int | None = None
    lines_rejected: int | None = None
    mean_ttfc_ms: float | None = None
    mean_duration_ms: float | None = None


class SubjectMemory:
    """The fields of events by their subject; of more than `most` the oldest subjects are gone."""

    def __init__(self, most: float = inf) -> None:
        self._most = most
        self._count = 0
        self._by_subject: dict[str, list[dict[str, Any]]] = {}

    def remember(self, fields: dict[str, Any]) -> None:
        """Keep an event, where it has a subject."""
        subject = fields.get("subject_id")
        if subject is None:
            return
        self._by_subject.setdefault(subject, []).append(fields)
        self._count += 1
        while self._count > self._most and len(self._by_subject) > 1:
            self._count -= len(self._by_subject.pop(next(iter(self._by_subject))))

    def of(self, subject: str) -> Sequence[dict[str, Any]]:
        """Return what is kept of a subject."""
        return tuple(self._by_subject.get(subject, ()))


def subject_stats(events: Iterable[AnyEvent]) -> SubjectStats:
    """Aggregate events, the calls among them priced."""
    events = list(events)
    types = Counter(event.event_type for event in events)
    calls = [event for event in events if isinstance(event, CallEvent)]
    costs = [call.cost_nanousd for call in calls if is_billable(call)]
    return SubjectStats(
        calls=len({call.call_id for call in calls}),
        direct_edits=types["direct_edit"],
        undos=types["undo"],
        escalations=types["escalation"] + sum(call.escalated for call in calls),
        errors=sum(call.status is Status.ERROR for call in calls),
        input_tokens=_total(call.input_tokens for call in calls),
        output_tokens=_total(call.output_tokens for call in calls),
        cost_usd=_usd(costs),
        lines_emitted=_total(getattr(event, "lines_emitted", None) for event in events),
        lines_accepted=_total(getattr(event, "lines_accepted", None) for event in events),
        lines_rejected=_total(getattr(event, "lines_rejected", None) for event in events),
        mean_ttfc_ms=_mean(call.ttfc_ms for call in calls),
        mean_duration_ms=_mean(call.duration_ms for call in calls),
    )


def _usd(costs: list[int | None]) -> Decimal | None:
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        return None
    return rounded_usd(sum(known))


def _total(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
