"""Takes the lifecycle events of a process: keeps them, prints them, or does not want them."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from ..events import new_id
from ..events.lifecycle import LifecycleEvent, ValidationResult
from ._event_log import clean_fields
from ._owner import RecordedLifecycle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..clock import Clock
    from ..pricing import PriceBook
    from ._attempts import Attempt, AttemptTrail
    from ._event_log import EventLog
    from ._owner import Owner

LifecycleMode = Literal["on", "off", "debug"]

_PLACE: Final = "sending a lifecycle event"
_MOST_WAITING: Final = 1000
_UNNAMED: Final = "validation"


def _to_stderr(line: str) -> None:
    """Write one whole line, so that threads and workers do not mix theirs."""
    sys.stderr.write(line)


@dataclass(eq=False, slots=True)
class LifecycleLog:
    """The one place that lifecycle events pass through in each process.

    `off` takes none; `debug` prints each with `print_line`, on stderr unless somebody knows a
    better way, and neither stores nor sends it on. What was inferred waits until it is sure that
    the application does not tell it itself.
    """

    event_log: EventLog
    _: KW_ONLY
    owner_of: Callable[[], Owner]
    attempts: AttemptTrail
    clock: Clock
    prices: PriceBook
    mode: LifecycleMode = "on"
    print_line: Callable[[str], object] = _to_stderr
    waiting: dict[int, tuple[Owner, RecordedLifecycle]] = field(default_factory=dict)

    @property
    def is_on(self) -> bool:
        """Whether events are taken at all: asked before one is made."""
        return self.mode != "off"

    def send(self, event: LifecycleEvent, *, attempts: Sequence[dict[str, Any]] = ()) -> bool:
        """Take an event of the code that runs here and now; False where it was not taken.

        What goes wrong is counted as a fault and reaches nobody. `attempts` are fields of the
        calls whose cost is that of the event, which is worked out when somebody looks.
        """
        if self.mode == "off":
            return False
        with self.event_log.faults.contained(_PLACE):
            return self._take(event, attempts, self.owner_of())
        return False

    def last_attempt(self, owner: Owner | None = None) -> Attempt | None:
        """Return the attempt that was made here last, where it is the owner's who runs here."""
        attempt = self.attempts.last()
        return (
            None if attempt is None or attempt.owner is not (owner or self.owner_of()) else attempt
        )

    def go_on_after(self, attempt: Attempt | None) -> None:
        """Compare the next attempt here with this one, which was made in another context."""
        if attempt is not None:
            self.attempts.go_on_after(attempt)

    def infer(self, event: LifecycleEvent, owner: Owner) -> RecordedLifecycle:
        """Keep what calls tell, until `confirm`, `settle` or the application's own word."""
        recorded = self._kept(event, (), owner)
        self.waiting[id(recorded)] = (owner, recorded)
        if len(self.waiting) > _MOST_WAITING:  # of tasks that ended without a further call
            self.confirm([next(iter(self.waiting.values()))[1]])
        return recorded

    def confirm(self, inferred: Sequence[RecordedLifecycle]) -> None:
        """Take those that still wait: the application did not tell them."""
        for recorded in inferred:
            owner, _ = self.waiting.pop(id(recorded), (None, None))
            if owner is not None:
                self._deliver(owner, recorded)

    def settle(self, owner: Owner | None = None) -> None:
        """Take all that waits of an owner (of everybody, for None), which has ended."""
        for waiting, recorded in list(self.waiting.values()):
            if owner is None or waiting is owner:
                self.confirm([recorded])

    def _take(
        self, event: LifecycleEvent, attempts: Sequence[dict[str, Any]], owner: Owner
    ) -> bool:
        if not isinstance(event, LifecycleEvent):
            msg = f"{event!r} is no lifecycle event"
            raise TypeError(msg)
        if owner.is_ignored:
            return False
        self._note_told(event, owner)
        self._deliver(owner, self._kept(event, attempts, owner))
        return True

    def _note_told(self, event: LifecycleEvent, owner: Owner) -> None:
        """Let go of what was inferred of the same thing, and let no more be inferred of it."""
        attempt = self.last_attempt(owner)
        if attempt is None:
            return
        attempt.told |= {vars(event)["event_type"]}
        if isinstance(event, ValidationResult):
            attempt.invalid = None if event.passed else event.error_category or _UNNAMED
        for recorded in attempt.inferred:
            if _tells_of(event, recorded) and id(recorded) in self.waiting:
                del self.waiting[id(recorded)]
                with suppress(ValueError):
                    owner.lifecycle.remove(recorded)

    def _kept(
        self, event: LifecycleEvent, attempts: Sequence[dict[str, Any]], owner: Owner
    ) -> RecordedLifecycle:
        fields = {**vars(event), "event_id": event.event_id or new_id(), **self._stamp(owner)}
        recorded = RecordedLifecycle(fields, attempts)
        if owner.phase_id is not None:  # a test may ask for its own
            owner.lifecycle.append(recorded)
        return recorded

    def _deliver(self, owner: Owner, recorded: RecordedLifecycle) -> None:
        if self.mode == "debug":
            text = _cleaned(recorded).event(self.prices).model_dump_json(exclude_none=True)
            self.print_line(f"[understudy lifecycle] {text}\n")
            return
        ids = [each["event_id"] for each in recorded.attempts]
        costs = {"cost_of": ids} if ids else {}
        self.event_log.write({"kind": "lifecycle", **recorded.fields, **costs})
        self.event_log.publish(owner, lambda: _cleaned(recorded).event(self.prices))

    def _stamp(self, owner: Owner) -> dict[str, Any]:
        return {
            "ts": self.clock.wall(),
            "run_id": self.event_log.run_id,
            "phase_id": owner.phase_id,
            "worker": owner.worker,
            "rerun": owner.rerun,
        }


def _tells_of(event: LifecycleEvent, inferred: RecordedLifecycle) -> bool:
    """Tell whether the application speaks of what was inferred: to ask anew is not to resend."""
    told, found = vars(event), inferred.fields
    is_one_type = told["event_type"] == found["event_type"]
    return is_one_type and told.get("cause") in {None, found.get("cause")}


def _cleaned(recorded: RecordedLifecycle) -> RecordedLifecycle:
    """Return an event as others may read it: the application's words may hold a key."""
    return replace(recorded, fields=clean_fields(recorded.fields))
