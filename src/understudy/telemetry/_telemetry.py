"""The telemetry of one process of a run: what fixtures and application code talk to."""

from __future__ import annotations

from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Unpack

from ..calls import SILENT
from ..events import (
    AnyEvent,
    CallEvent,
    Estimate,
    Stage,
    new_id,
    parse_estimate,
    parse_event,
)
from ..pricing import PriceBook, price_call
from ..redaction import redacted
from ._attempts import AttemptTrail
from ._estimates import Estimates, EstimateScope, Predictor
from ._inference import Inference
from ._lifecycle import LifecycleLog, LifecycleMode
from ._owner import Owner, Ownership, RecordedCall
from ._stats import SubjectMemory, SubjectStats, subject_stats
from ._tracker import AttemptScope, CallLabels, LLMCallTracker, active_telemetry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..clock import Clock
    from ._event_log import EventLog
    from .models import RunModelLog

#: What every call has.
_BLANK: Final = {"event_id": "-", "ts": 0, "call_id": "-"}
_ERROR_LENGTH: Final = 500


class Telemetry:
    """Emits events on behalf of the code that is running.

    Attributes:
        scope: the scope that a task or thread opened last.
        base_scope: what attempts belong to that are made by code which is in no scope.
        is_tapped: whether HTTP clients are watched for it.
        subjects: what `get_stats` aggregates.
        program: the run of a program that it is of; None in pytest.
    """

    def __init__(
        self,
        *,
        event_log: EventLog,
        ownership: Ownership,
        clock: Clock,
        prices: PriceBook,
        predictors: tuple[Predictor, ...] = (),
        lifecycle: LifecycleMode = "on",
    ) -> None:
        self.event_log = event_log
        self.prices = prices
        self.ownership = ownership
        self.clock = clock
        self.estimates = Estimates(
            event_log=event_log, ownership=ownership, clock=clock, predictors=predictors
        )
        self.attempts = AttemptTrail()
        self.lifecycle = LifecycleLog(
            event_log,
            owner_of=ownership.current,
            attempts=self.attempts,
            clock=clock,
            prices=prices,
            mode=lifecycle,
        )
        self.inference = Inference(self.lifecycle)
        self.scope: ContextVar[AttemptScope | None] = ContextVar("understudy_scope", default=None)
        self.base_scope: AttemptScope | None = None
        self.is_tapped = False
        self.program: object | None = None
        self.subjects = SubjectMemory()

    @cached_property
    def models(self) -> RunModelLog:
        """What takes the model events of the process, and what is told of models."""
        from .models import RunModelLog  # noqa: PLC0415 - few runs have any

        return RunModelLog(self.event_log, ownership=self.ownership, clock=self.clock)

    def tracker(self, **labels: Unpack[CallLabels]) -> LLMCallTracker:
        """Return a tracker that writes here."""
        return LLMCallTracker(telemetry=self, **labels)

    def estimate(self, output_tokens: int, **more: Any) -> EstimateScope:
        """Return a context manager: the prediction for the calls made inside.

        `more` are the other fields of `understudy.Estimate`. A prediction that cannot be used
        is counted as a fault, and then nothing is predicted.
        """
        return EstimateScope(
            self.estimates, self.usable_estimate({"output_tokens": output_tokens, **more})
        )

    def predicts(self) -> bool:
        """Tell whether anybody might predict a call that begins here and now."""
        estimates = self.estimates
        has_scope = estimates.variable.get() is not None
        return has_scope or any(one.is_wanted for one in estimates.predictors)

    def record_event(self, event_type: str, **fields: Any) -> str | None:
        """Record an edit, undo, escalation or call; return its id.

        Fields that no event of that type takes are counted as a fault, and the id is None:
        telemetry never fails the code that it watches.
        """
        with self.event_log.faults.contained(f"recording an event of type {event_type!r}"):
            return self._record(event_type, fields)
        return None

    def get_stats(self, subject_id: str) -> SubjectStats:
        """Aggregate what this process recorded of a subject so far."""
        return subject_stats(map(self._priced, self.subjects.of(subject_id)))

    def now(self) -> float:
        """Return seconds on the clock of the run."""
        return self.clock.now()

    def owner_time(self) -> float:
        """Return seconds on the clock that the running code sees: the test's, else the run's."""
        return (self.ownership.current().clock or self.clock).now()

    def stamp(self, event_id: str, owner: Owner, stage: Stage | None) -> dict[str, Any]:
        """Return the fields that say which event, when (seconds, UTC), in which run and whose."""
        return {
            "event_id": event_id,
            "ts": self.clock.wall(),
            "run_id": self.event_log.run_id,
            "phase_id": owner.phase_id,
            "worker": owner.worker,
            "rerun": owner.rerun,
            "stage": stage,
        }

    def usable(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of `fields` that the event of a call takes; the others are faults."""
        usable = {}
        for name, value in fields.items():
            if value is not None:
                with self.event_log.faults.contained(f"reading {name!r} of a tracker"):
                    event = CallEvent.model_validate({**_BLANK, name: value})
                    usable[name] = getattr(event, name)
        return usable

    def usable_estimate(self, estimate: object) -> Estimate | None:
        """Return `estimate` as a prediction; None, and a fault, where it is none."""
        if estimate is None:
            return None
        with self.event_log.faults.contained("reading an estimate"):
            return parse_estimate(estimate, where="estimate")
        return None

    def current_scope(self) -> AttemptScope | None:
        """Return the innermost scope of this task or thread that is still open, else the base."""
        scope = self.own_scope()
        if scope is None and self.base_scope is not None and not self.base_scope.is_finished:
            return self.base_scope
        return scope

    def own_scope(self) -> AttemptScope | None:
        """Return the innermost scope that this task or thread, or who started it, has open."""
        scope = self.scope.get()
        while scope is not None and scope.is_finished:
            scope = scope.outer
        return scope

    def open_scope(self, scope: AttemptScope, *, apart: bool = False) -> None:
        """Make `scope` the innermost one; `apart`, the base is not around it."""
        scope.outer = self.own_scope() if apart else self.current_scope()
        self.scope.set(scope)

    def remember(self, fields: dict[str, Any]) -> None:
        """Keep an event that has a subject, for `get_stats`."""
        self.subjects.remember(fields)

    def _record(self, event_type: str, given: dict[str, Any]) -> str:
        owner = self.ownership.current()
        stamp = self.stamp(new_id(), owner, owner.stage)
        if event_type == "llm_call":
            stamp["call_id"] = new_id()
        event = parse_event({**stamp, "event_type": event_type, **_redacted(given)})
        fields = event.model_dump(mode="json", exclude_unset=True)
        if owner.is_ignored:
            return event.event_id
        if isinstance(event, CallEvent):
            self._enter_call(owner, fields)
        else:
            self.remember(fields)
            self.event_log.append(owner, fields)
        return event.event_id

    def _enter_call(self, owner: Owner, fields: dict[str, Any]) -> None:
        scope = self.current_scope()
        if scope is not None:
            scope.attempt_began()
            scope.attempt_ended(fields)
        self.remember(fields)
        if fields.get("operation") not in SILENT:
            self.estimates.predict(owner, fields["call_id"])
        recorded = RecordedCall(fields)
        self.event_log.append_call(owner, recorded)
        self.event_log.release_prediction(fields["call_id"])
        if scope is not None:
            scope.attempt_recorded(recorded)

    def _priced(self, fields: dict[str, Any]) -> AnyEvent:
        event = parse_event(fields)
        return price_call(event, self.prices) if isinstance(event, CallEvent) else event


def record_event(event_type: str, **fields: Any) -> str | None:
    """Record an event with the telemetry that runs; None where none runs."""
    telemetry = active_telemetry()
    return None if telemetry is None else telemetry.record_event(event_type, **fields)


def get_stats(subject_id: str) -> SubjectStats:
    """Aggregate what the running telemetry recorded of a subject; zeros where none runs."""
    telemetry = active_telemetry()
    return subject_stats(()) if telemetry is None else telemetry.get_stats(subject_id)


def _redacted(fields: dict[str, Any]) -> dict[str, Any]:
    error = fields.get("error")
    if not isinstance(error, str):
        return fields
    return {**fields, "error": redacted(error)[:_ERROR_LENGTH]}
