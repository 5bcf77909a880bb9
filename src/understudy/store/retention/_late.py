"""Events that are merged after the rows of their time were pruned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from ...clock import utc_now
from .._known import known_keys
from .._rows import timestamp_text
from .._statements import insert
from ._mark import pruned_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...events import TelemetryEvent
    from ...events.lifecycle import LifecycleEvent
    from ...events.model import ModelEvent
    from .._connection import Connection

_NOTE: Final = insert("late_events", ("event_id", "merged"))
_COUNT: Final = "UPDATE pruned SET late = late + ? WHERE name = ?"


Event = TypeVar("Event", bound="TelemetryEvent | LifecycleEvent | ModelEvent")


def part_late(
    connection: Connection, table: str, events: Sequence[Event]
) -> tuple[list[Event], list[Event]]:
    """Part new events, inside a transaction, into those to be kept and those to be summed up only.

    The late ones are counted and noted, so that they are told once, and not when their journal
    is merged again.
    """
    before = pruned_before(connection, table)
    if before is None:
        return list(events), []
    late = [event for event in events if event.ts is not None and event.ts < before]
    if not late:
        return list(events), []
    ids = {event.event_id for event in late}
    told = known_keys(connection, "late_events", "event_id", [str(each) for each in ids])
    news = [event for event in late if event.event_id not in told]
    _note(connection, table, news)
    return [event for event in events if event.event_id not in ids], news


def _note(connection: Connection, table: str, events: Sequence[Event]) -> None:
    now = timestamp_text(utc_now())
    connection.execute_many(_NOTE, [(event.event_id, now) for event in events])
    connection.execute(_COUNT, (len(events), table))
