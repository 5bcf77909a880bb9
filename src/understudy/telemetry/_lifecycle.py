"""Takes the lifecycle events of a process: keeps them, prints them, or does not want them."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from ..events import new_id
from ..events.lifecycle import LifecycleEvent, ValidationResult
from ..redaction import may_hold_keys
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
            return self.take(event, attempts=attempts)
        return False

    def take(self, event: LifecycleEvent, *, attempts: Sequence[dict[str, Any]] = ()) -> bool:
        """Do as `send` for who knows that it is on, and contains what goes wrong.

        Raises:
            TypeError: it is no lifecycle event.
        """
        if not isinstance(event, LifecycleEvent):
            msg = f"{event!r} is no lifecycle event"
            raise TypeError(msg)
        owner = self.owner_of()
        if owner.is_ignored:
            return False
        attempt = self.last_attempt(owner)
        if attempt is not None:
            self._note_told(event, attempt)
        self._deliver(owner, self._kept(event, attempts, owner))
        return True

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

    def _note_told(self, event: LifecycleEvent, attempt: Attempt) -> None:
        """Let go of what was inferred of the same thing, and let no more be inferred of it."""
        attempt.told |= {vars(event)["event_type"]}
        if isinstance(event, ValidationResult):
            attempt.invalid = None if event.passed else event.error_category or _UNNAMED
        for recorded in attempt.inferred:
            if _tells_of(event, recorded) and id(recorded) in self.waiting:
                del self.waiting[id(recorded)]
                with suppress(ValueError):
                    attempt.owner.lifecycle.remove(recorded)

    def _kept(
        self, event: LifecycleEvent, attempts: Sequence[dict[str, Any]], owner: Owner
    ) -> RecordedLifecycle:
        line = {
            **vars(event),
            "kind": "lifecycle",
            "event_id": event.event_id or new_id(),
            "ts": self.clock.wall(),
            "run_id": self.event_log.run_id,
            "phase_id": owner.phase_id,
            "worker": owner.worker,
            "rerun": owner.rerun,
        }
        if _may_hold_keys(event):
            line = clean_fields(line)
        recorded = RecordedLifecycle(line, attempts)
        if owner.phase_id is not None:  # a test may ask for its own
            owner.lifecycle.append(recorded)
        return recorded

    def _deliver(self, owner: Owner, recorded: RecordedLifecycle) -> None:
        if self.mode == "debug":
            text = recorded.event(self.prices).model_dump_json(exclude_none=True)
            self.print_line(f"[understudy lifecycle] {text}\n")
            return
        line = recorded.line
        if recorded.attempts:
            line = {**line, "cost_of": [each["event_id"] for each in recorded.attempts]}
            recorded = recorded.as_of_now()
        self.event_log.write_clean(line)
        self.event_log.publish(owner, lambda: recorded.event(self.prices))


def _may_hold_keys(event: LifecycleEvent) -> bool:
    """Tell whether a word may hold a key; only one that the application said, or a call."""
    said = vars(event)
    for name in event.model_fields_set:
        word = said[name]
        if isinstance(word, str) and may_hold_keys(word):
            return True
    return False


def _tells_of(event: LifecycleEvent, inferred: RecordedLifecycle) -> bool:
    """Tell whether the application speaks of what was inferred: to ask anew is not to resend."""
    told, found = vars(event), inferred.line
    is_one_type = told["event_type"] == found["event_type"]
    return is_one_type and told.get("cause") in {None, found.get("cause")}
