"""What the application knows about a call and the wire does not, for the telemetry that runs."""

from __future__ import annotations

from asyncio import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypedDict, Unpack

from ..calls import Status
from ..redaction import redacted
from ._estimates import Estimates, EstimateScope
from ._faults import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..events import Estimate, Tier
    from ._event_log import EventLog
    from ._lifecycle import LifecycleLog
    from ._owner import RecordedCall
    from ._stats import SubjectStats

_ERROR_LENGTH: Final = 500


class AttemptScope(Protocol):
    """What is open around attempts: a tracker, or an operation; `outer` is open around it.

    A tracker has no `operation_id`.
    """

    outer: AttemptScope | None
    is_finished: bool

    @property
    def operation_id(self) -> str | None:
        """What joins the lifecycle events of an operation."""

    @property
    def tool_name(self) -> str | None:
        """The application's word for what it does."""

    def attempt_began(self) -> None:
        """Take note of an attempt made inside."""

    def attempt_ended(self, fields: dict[str, Any]) -> None:
        """Take the fields of its event, before it is written."""

    def attempt_recorded(self, recorded: RecordedCall) -> None:
        """Take what is known of it, once it is written."""


class TrackerHost(Protocol):
    """The telemetry of a process, as trackers and other application code see it."""

    @property
    def event_log(self) -> EventLog:
        """What takes every event."""

    @property
    def estimates(self) -> Estimates:
        """What predictions are written to."""

    def now(self) -> float:
        """Return seconds on the clock of the run."""

    @property
    def lifecycle(self) -> LifecycleLog:
        """What takes lifecycle events."""

    def owner_time(self) -> float:
        """Return seconds on the clock that the running code sees."""

    def current_scope(self) -> AttemptScope | None:
        """Return the innermost tracker or operation that is open here."""

    def open_scope(self, scope: AttemptScope) -> None:
        """Make `scope` the innermost one."""

    def usable(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of `fields` that the event of a call takes; the others are faults."""

    def usable_estimate(self, estimate: object) -> Estimate | None:
        """Return `estimate` as a prediction; None, and a fault, where it is none."""

    def record_event(self, event_type: str, **fields: Any) -> str | None:
        """Record an event; return its id."""

    def get_stats(self, subject_id: str) -> SubjectStats:
        """Aggregate what was recorded of a subject so far."""


#: Innermost last. The one piece of state of the process: `LLMCallTracker()` stands in
#: application code, which nobody can pass the run's telemetry to.
_RUNNING: Final[list[TrackerHost]] = []


def active_telemetry() -> TrackerHost | None:
    """Return the telemetry that runs in this process, None where none does."""
    return _RUNNING[-1] if _RUNNING else None


def tapped_telemetry() -> TrackerHost | None:
    """Return the telemetry that HTTP clients are watched for, None where there is none."""
    return next((each for each in reversed(_RUNNING) if getattr(each, "is_tapped", False)), None)


@contextmanager
def activated(telemetry: TrackerHost) -> Iterator[None]:
    """Make `telemetry` the one that runs in this process."""
    _RUNNING.append(telemetry)
    try:
        yield
    finally:
        _RUNNING.remove(telemetry)


class CallLabels(TypedDict, total=False):
    """What a tracker is told when it is made; None says nothing."""

    model: str | None
    tier: Tier | None
    subject_id: str | None
    user_id: str | None
    message_id: str | None
    prompt_version: str | None
    estimate: Estimate | Mapping[str, Any] | int | None


class LLMCallTracker:
    """Annotates the calls made inside it; without any, it is a call of its own.

    Ids, tier and prompt version go to every attempt made inside, lines and escalation to
    the last one. Of trackers inside each other the inner one's word goes first. Where no
    attempt was seen (a local model, a client that is not tapped), `finish` writes an event
    with what the tracker was told. `estimate` predicts each call made inside: an `Estimate`,
    a mapping of its fields, or output tokens alone. Without running telemetry a tracker does
    nothing, so that application code may keep it.

    Usable as a context manager, sync and async; an exception inside is recorded and goes on.
    """

    operation_id = tool_name = None

    def __init__(
        self, *, telemetry: TrackerHost | None = None, **labels: Unpack[CallLabels]
    ) -> None:
        _check_names(labels)
        self._telemetry = telemetry if telemetry is not None else active_telemetry()
        self._own = self._usable(request_model=labels.pop("model", None))
        self._estimate = self._scope_of(labels.pop("estimate", None))
        self._labels = self._usable(**labels)
        self._results: dict[str, Any] = {}
        self._started: float | None = None
        self._first_content: float | None = None
        self._begun = 0
        self._open = 0
        self._last: dict[str, Any] | None = None
        self.outer: AttemptScope | None = None
        self.is_finished = False

    def attempt_began(self) -> None:
        """Count an attempt made inside."""
        self._begun += 1
        self._open += 1
        if self.outer is not None:
            self.outer.attempt_began()

    def attempt_ended(self, fields: dict[str, Any]) -> None:
        """Put ids and tier on the event of an attempt made inside, before it is written."""
        self._open -= 1
        self._await(fields)
        _fill(fields, self._labels)
        if self.is_finished and not self._open:
            _fill(fields, self._results)
        if self.outer is not None:
            self.outer.attempt_ended(fields)

    def attempt_recorded(self, recorded: RecordedCall) -> None:
        """Hand it on to whoever is open around."""
        if self.outer is not None:
            self.outer.attempt_recorded(recorded)

    def start(self) -> Self:
        """Begin: calls made from here on, in this task or thread, belong to this tracker."""
        if self._telemetry is not None and self._started is None:
            self._started = self._telemetry.now()
            self._telemetry.open_scope(self)
            if self._estimate is not None:
                self._estimate.open()
        return self

    def mark_first_content(self) -> None:
        """Note that the first content is there; only the first mark counts."""
        if self._telemetry is not None and self._first_content is None:
            self._first_content = self._telemetry.now()

    def set_reducer_stats(self, emitted: int, accepted: int, rejected: int) -> None:
        """Note how many lines the model emitted and what became of them."""
        self._results |= self._usable(
            lines_emitted=emitted, lines_accepted=accepted, lines_rejected=rejected
        )

    def set_usage(
        self,
        *,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
        cache_read_tokens: int | None = None,
        cache_write_tokens: int | None = None,
        reasoning_tokens: int | None = None,
    ) -> None:
        """Note the token counts of a call that no tap sees, inclusive as in the event."""
        self._own |= self._usable(
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cache_read_tokens=cache_read_tokens,
            cache_write_tokens=cache_write_tokens,
            reasoning_tokens=reasoning_tokens,
            usage_source="provider",
        )

    def escalate(self, reason: str) -> None:
        """Note that the work went on to a higher tier."""
        self._results |= self._usable(escalated=True, escalation_reason=reason)

    def finish(self, error: BaseException | None = None) -> None:
        """End: write what was noted. A second call does nothing."""
        if self._telemetry is None or self._started is None or self.is_finished:
            return
        self.is_finished = True
        if error is not None:
            self._results |= self._usable(**_failure(error))
        if not self._begun:
            own = self._own_fields(self._telemetry.now(), _status(error))
            self._telemetry.record_event("llm_call", **own)
        elif self._last is not None and not self._open:
            added = _fill(self._last, self._results)
            if added:
                self._telemetry.event_log.annotate(self._last["event_id"], added)
        self._await(None)
        if self._estimate is not None:
            self._estimate.close()

    def _await(self, fields: dict[str, Any] | None) -> None:
        """Make an attempt the one that results belong to; None is none any more."""
        if self._telemetry is None:
            return
        before, self._last = self._last, fields
        if fields is not None and not self.is_finished:
            self._telemetry.event_log.hold_event(fields)
        if before is not None:
            self._telemetry.event_log.release_event(before)

    def _scope_of(self, estimate: object) -> EstimateScope | None:
        if self._telemetry is None or estimate is None:
            return None
        usable = self._telemetry.usable_estimate(estimate)
        return EstimateScope(self._telemetry.estimates, usable)

    def _own_fields(self, now: float, status: Status) -> dict[str, Any]:
        return {
            **self._labels,
            **self._own,
            **self._results,
            "status": status,
            "ttfc_ms": self._since_start(self._first_content),
            "duration_ms": self._since_start(now),
        }

    def _since_start(self, moment: float | None) -> float | None:
        if moment is None or self._started is None:
            return None
        return round((moment - self._started) * 1000, 3)

    def _usable(self, **fields: Any) -> dict[str, Any]:
        return {} if self._telemetry is None else self._telemetry.usable(fields)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.finish(error)

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.finish(error)


def _check_names(labels: CallLabels) -> None:
    unknown = next((name for name in labels if name not in CallLabels.__annotations__), None)
    if unknown is not None:
        msg = f"LLMCallTracker.__init__() got an unexpected keyword argument {unknown!r}"
        raise TypeError(msg)


def _fill(fields: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Put into `fields` what they leave out of `more`; return that."""
    added = {name: value for name, value in more.items() if fields.get(name) is None}
    fields.update(added)
    return added


def _status(error: BaseException | None) -> Status:
    if error is None:
        return Status.OK
    return Status.CANCELLED if isinstance(error, CancelledError) else Status.ERROR


def _failure(error: BaseException) -> dict[str, str | None]:
    words = redacted(words_of(error))[:_ERROR_LENGTH]
    return {"error_type": type(error).__name__, "error": words or None}
