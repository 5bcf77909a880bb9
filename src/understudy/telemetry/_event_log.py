"""Takes every event: into the journal, into the owner's memory, on to listeners and sinks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import to_json

from ..events import parse_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..events import TelemetryEvent
    from ._faults import FaultLog
    from ._line_writer import LineWriter
    from ._owner import Owner
    from ._recorded import RecordedCall

Listener: TypeAlias = "Callable[[Owner, TelemetryEvent], None]"


class EventLog:
    """The one place that events pass through in each process."""

    def __init__(self, lines: LineWriter, *, run_id: str, faults: FaultLog) -> None:
        self.listeners: list[Listener] = []
        self.run_id = run_id
        self.faults = faults
        self._lines = lines

    def append_call(self, owner: Owner, recorded: RecordedCall) -> None:
        """Take the event of one attempt."""
        owner.count += 1
        if owner.keeps_calls:
            owner.calls.append(recorded)
        self.append(owner, recorded.fields)

    def append(self, owner: Owner, fields: dict[str, Any]) -> None:
        """Take an event, given as its fields."""
        self.write({"kind": "event", **fields})
        if self.listeners:
            self._tell(owner, fields)

    def annotate(self, event_id: str, fields: Mapping[str, Any]) -> None:
        """Add fields to an event that was taken before."""
        self.write({"kind": "annotation", "event_id": event_id, **fields})

    def write(self, line: Mapping[str, Any]) -> None:
        """Keep one line."""
        self._lines.append(_encoded(line))

    def _tell(self, owner: Owner, fields: dict[str, Any]) -> None:
        with self.faults.contained("building an event for a hook or sink"):
            event = parse_event(fields)
            for listener in self.listeners:
                with self.faults.contained("calling a hook or sink"):
                    listener(owner, event)


def _encoded(line: Mapping[str, Any]) -> bytes:
    try:
        return to_json(line)
    except ValueError:  # half a surrogate pair, which has no form in UTF-8
        return json.dumps(line, ensure_ascii=False, default=str).encode(errors="replace")
