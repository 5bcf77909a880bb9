"""The model events of one process of a run."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ...events import new_id
from ...events.model import ModelEvent, parse_model_event
from ...gpu import Lockout, NvmlReader
from ...redaction import without_keys
from .._event_log import clean_fields
from ._log import ModelLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...clock import Clock
    from ...events.model import AnyModelEvent
    from ...gpu import GpuMemory, GpuReader
    from .._event_log import EventLog
    from .._owner import Owner, Ownership

_PLACE: Final = "logging a model event"
_GPU: Final = "reading the memory of GPUs"


@dataclass(eq=False)
class RunModelLog(ModelLog):
    """Takes the model events of one process of a run: into the journal, on to the sinks.

    What goes wrong is counted and reaches nobody: wrong arguments are False, a time that cannot be
    told is NaN.
    """

    event_log: EventLog
    _: KW_ONLY
    ownership: Ownership
    clock: Clock
    gpu: GpuReader = field(default_factory=NvmlReader)
    lockout: Lockout = field(default_factory=Lockout)

    def emit(self, event: AnyModelEvent, owner: Owner | None = None) -> bool:
        """Take an event of `owner`, who runs here and now unless told; True where it is stored.

        Its id and moment are filled in where it has none, its run and test in any case.
        """
        with self.event_log.faults.contained(_PLACE):
            return self._emit(event, owner or self.ownership.current())
        return False

    def measure_latency(self, start: float) -> float:
        """Return the seconds since `start`, on its clock; NaN where they cannot be told."""
        with self.event_log.faults.contained("measuring a time"):
            return super().measure_latency(start)
        return math.nan

    def check_vram(self, device: int | str | None = None) -> tuple[GpuMemory, ...]:
        """Log how much memory a GPU has free, of all that are seen for None; return it."""
        with self.event_log.faults.contained(_GPU):
            return super().check_vram(device)
        return ()

    def may_load(
        self,
        needed_mb: float,
        threshold_mb: float | None = None,
        *,
        device: int | str | None = None,
    ) -> bool:
        """Tell whether a model that needs so many MB may be loaded; True where nobody knows."""
        with self.event_log.faults.contained(_GPU):
            return super().may_load(needed_mb, threshold_mb, device=device)
        return True

    def _note(self, sentence: str) -> None:
        self.event_log.faults.note(_GPU, sentence)

    def _keep(self, make: Callable[[], AnyModelEvent | None]) -> bool:
        with self.event_log.faults.contained(_PLACE):
            event = make()
            return event is not None and self._emit(event, self.ownership.current())
        return False

    def _clock(self) -> Clock:
        return self.ownership.current().clock or self.clock

    def _emit(self, event: AnyModelEvent, owner: Owner) -> bool:
        if not isinstance(event, ModelEvent):
            msg = f"{event!r} is no model event"
            raise TypeError(msg)
        if owner.is_ignored:
            return False
        owned = {
            "run_id": self.event_log.run_id,
            "phase_id": owner.phase_id,
            "worker": owner.worker,
            "rerun": owner.rerun,
        }
        fields = _stamped(event, self.clock) | owned
        is_stored = self.event_log.write({"kind": "model", **fields})
        self.event_log.publish(owner, lambda: parse_model_event(fields))
        return is_stored


def _stamped(event: AnyModelEvent, clock: Clock) -> dict[str, Any]:
    """Return the fields of an event with its id and moment, its words without keys."""
    fields = clean_fields(event.model_dump(exclude_none=True))
    fields.setdefault("event_id", new_id())
    fields.setdefault("ts", clock.wall())
    if event.status is not None:
        fields["status"] = without_keys(event.status)
    fields["details"] = {
        without_keys(name): without_keys(each) if isinstance(each, str) else each
        for name, each in event.details.items()
    }
    return fields
