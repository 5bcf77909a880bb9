"""What an operation cost whose calls were merged before its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..events import AnyEvent, CallEvent
from ..pricing import is_unpriced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..events.lifecycle import AnyLifecycleEvent
    from ._store import Store


def cost_of(calls: Sequence[AnyEvent | None]) -> int | None:
    """Return the cost of calls in 1e-9 USD; None where that of any is unknown."""
    known = [event for event in calls if isinstance(event, CallEvent)]
    if not known or len(known) < len(calls) or any(map(is_unpriced, known)):
        return None
    return sum(call.cost_nanousd or 0 for call in known)


def costed(
    event: AnyLifecycleEvent, named: Sequence[str], calls: Mapping[str, AnyEvent]
) -> AnyLifecycleEvent:
    """Return a lifecycle event with the cost of the calls that it names, where that is known."""
    cost = cost_of([calls.get(name) for name in named])
    return event if cost is None else event.model_copy(update={"cost_nanousd": cost})


def completed(
    events: Sequence[AnyLifecycleEvent],
    named_calls: Mapping[str, Sequence[str]],
    read: Iterable[AnyEvent],
    store: Store,
) -> Sequence[AnyLifecycleEvent]:
    """Return lifecycle `events` with the cost of calls that were `read` or stand in the store.

    `named_calls` are, by the id of such an event, those of which not all were read.
    """
    if not named_calls:
        return events
    wanted = {name for names in named_calls.values() for name in names}
    calls = {event.event_id: event for event in (*store.calls(wanted), *read)}
    return [costed(event, named_calls.get(str(event.event_id), ()), calls) for event in events]
