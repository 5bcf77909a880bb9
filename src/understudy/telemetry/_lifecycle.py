"""Takes the lifecycle events of a process: keeps them, prints them, or does not want them."""

from __future__ import annotations

import sys
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from ..events.lifecycle import AnyLifecycleEvent, LifecycleEvent
from ._owner import RecordedLifecycle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..clock import Clock
    from ..pricing import PriceBook
    from ._event_log import EventLog
    from ._owner import Owner, Ownership

LifecycleMode = Literal["on", "off", "debug"]

_PLACE: Final = "sending a lifecycle event"


@dataclass(frozen=True, eq=False, slots=True)
class LifecycleLog:
    """The one place that lifecycle events pass through in each process.

    `off` takes none; `debug` prints each on stderr, and neither stores nor sends it on.
    """

    event_log: EventLog
    _: KW_ONLY
    ownership: Ownership
    clock: Clock
    prices: PriceBook
    mode: LifecycleMode = "on"

    @property
    def is_on(self) -> bool:
        """Whether events are taken at all: asked before one is made."""
        return self.mode != "off"

    def send(
        self,
        event: LifecycleEvent,
        *,
        attempts: Sequence[dict[str, Any]] = (),
        owner: Owner | None = None,
    ) -> bool:
        """Take an event of the code that runs here and now; False where it was not taken.

        What goes wrong is counted as a fault and reaches nobody. `attempts` are fields of the
        calls whose cost is that of the event, which is worked out when somebody looks.
        """
        if self.mode == "off":
            return False
        with self.event_log.faults.contained(_PLACE):
            return self._take(event, attempts, owner or self.ownership.current())
        return False

    def _take(
        self, event: LifecycleEvent, attempts: Sequence[dict[str, Any]], owner: Owner
    ) -> bool:
        if not isinstance(event, LifecycleEvent):
            msg = f"{event!r} is no lifecycle event"
            raise TypeError(msg)
        if owner.is_ignored:
            return False
        recorded = RecordedLifecycle({**vars(event), **self._stamp(owner)}, attempts)
        if owner.phase_id is not None:  # a test may ask for its own
            owner.lifecycle.append(recorded)
        if self.mode == "debug":
            _print(recorded.event(self.prices))
        else:
            ids = {"cost_of": [each["event_id"] for each in attempts]} if attempts else {}
            self.event_log.write({"kind": "lifecycle", **recorded.fields, **ids})
            self.event_log.publish(owner, lambda: recorded.event(self.prices))
        return True

    def _stamp(self, owner: Owner) -> dict[str, Any]:
        return {
            "ts": self.clock.wall(),
            "run_id": self.event_log.run_id,
            "phase_id": owner.phase_id,
            "worker": owner.worker,
            "rerun": owner.rerun,
        }


def _print(event: AnyLifecycleEvent) -> None:
    """Write one whole line, so that threads and workers do not mix theirs."""
    text = event.model_dump_json(exclude_none=True)
    sys.stderr.write(f"[understudy lifecycle] {text}\n")
