"""The attempts of calls while they run, and what is told of them when they have ended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..calls import Origin, Request, Response, Status, Usage, is_cancellation
from ._texts import failure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..clock import Clock
    from ..events import Stage
    from ..wire import Draft, Recognised, StreamWatcher
    from ..wire.timings import Timings
    from ._attempts import Attempt
    from ._owner import Owner
    from ._tracker import AttemptScope


_REDIRECT: Final = 300  # whoever followed it has another answer


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended: `at` on the clock; `read_out` if the body was read to its end."""

    at: float
    read_out: bool = False
    error: BaseException | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether the application gave the attempt up."""
        return is_cancellation(self.error)


@dataclass(eq=False, repr=False, slots=True, kw_only=True)
class CallObservation:
    """What the taps tell of one HTTP attempt, until its first ending, which `on_end` is told.

    Satisfies `understudy.intercept.Observation`, whose taps contain what is raised here.
    """

    request: Request
    recognised: Recognised
    event_id: str
    attempt: Attempt
    scope: AttemptScope | None
    now: Callable[[], float]
    on_end: Callable[[CallObservation, Ending], None]
    #: Note a piece of the body; once nothing is watched for, that is all it does.
    chunk: Callable[[bytes], None] = field(init=False)
    stage: Stage | None = field(init=False)
    began_at: float = field(init=False)
    answer_fields: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    first_byte: float | None = None
    first_content: float | None = None
    _chunks: list[bytes] = field(default_factory=list)
    _watcher: StreamWatcher | None = None

    def __post_init__(self) -> None:
        self.chunk = self._chunks.append
        self.stage = self.owner.stage
        if self.scope is not None and not self.recognised.is_guess:
            self.scope.attempt_began()
        self.began_at = self.now()

    @property
    def owner(self) -> Owner:
        """Whose call it is."""
        return self.attempt.owner

    def answered(self, fields: Mapping[str, Any], clock: Clock | None = None) -> None:
        """Note what the wire does not tell of the answer, which is played on `clock`.

        The attempt begins on that clock, where it is not the one that it began on.
        """
        self.answer_fields = fields
        if clock is not None and clock.name != "real" and self.now != clock.now:
            self.now = clock.now
            self.began_at = clock.now()

    def goes_on(self, request: Request, recognised: Recognised | None) -> None:
        """Forget the answer so far: the client went on with `request`.

        What is asked stays what was asked first; who is asked, where that is a call, too, changes.
        """
        self.attempt.redirected_to = request.url
        if recognised is not None:
            self.recognised = recognised
            self.request = replace(request, body=self.request.body or request.body)
        self.answer_fields, self.status, self.headers = {}, None, {}
        self.first_byte = self.first_content = None
        self._chunks, self._watcher = [], None
        self.chunk = self._chunks.append

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """Note status and headers."""
        self.status = status
        self.headers = dict(headers)
        if decoded:
            self.headers.pop("content-encoding", None)
        self._watcher = self.recognised.watcher(self.headers)
        self.chunk = self._watch

    def end(self) -> None:
        """The body was read to its end."""
        self.on_end(self, Ending(self.now(), read_out=True))

    def close(self) -> None:
        """The response was given up before its end was seen."""
        self.on_end(self, Ending(self.now()))

    def fail(self, error: BaseException) -> None:
        """The attempt ended with `error`."""
        self.on_end(self, Ending(self.now(), error=error))

    def response(self) -> Response | None:
        """What came of the response so far; None before its status line."""
        if self.status is None:
            return None
        return Response(self.status, self.headers, b"".join(self._chunks))

    def since_start(self, moment: float | None) -> float | None:
        """Return milliseconds from the start of the attempt to `moment`."""
        return None if moment is None else round((moment - self.began_at) * 1000, 3)

    def _watch(self, data: bytes) -> None:
        self._chunks.append(data)
        assert self._watcher is not None
        now = self.now()
        if self.first_byte is None and data:
            self.first_byte = now
        if self._watcher.feed(data):
            self.first_content = now
        elif not self._watcher.is_over:
            return
        self.chunk = self._chunks.append


class Told(NamedTuple):
    """What an attempt came to: the fields of its event, and what the engine told of its time."""

    fields: dict[str, Any]
    timings: Timings | None


def told_by(call: CallObservation, response: Response | None, ending: Ending) -> Told:
    """Return what an attempt came to; `response` is None where no answer came."""
    recognised = call.recognised
    draft = None if response is None else recognised.skim(call.request, response)
    status = _status(draft, ending)
    fields = {
        "event_type": "llm_call",
        "call_id": call.attempt.call_id,
        "attempt": call.attempt.number,
        "provider": recognised.provider_told_by(call.headers),
        "wire_api": recognised.api.wire_api,
        "host": recognised.target.netloc,
        "origin": _origin(call, ending),
        "status": status,
        "http_status": call.status,
        "ttfb_ms": call.since_start(call.first_byte),
        "ttfc_ms": call.since_start(_first_content(call, draft, ending)),
        "duration_ms": call.since_start(ending.at),
    }
    fields.update(_asked(call) if draft is None else answered(draft))
    fields.update(_played(call, fields))
    if status is not Status.OK:
        fields.update(failure_of(call.request, draft, ending.error))
    return Told(fields, None if draft is None else draft.timings)


def _status(draft: Draft | None, ending: Ending) -> Status:
    """Tell how an attempt ended, from the answer and from what the application saw."""
    if draft is not None and _is_refusal(draft):
        return Status.ERROR
    if ending.error is not None:
        return Status.CANCELLED if ending.is_cancelled else Status.ERROR
    if draft is None or not (ending.read_out or draft.complete):
        return Status.CANCELLED
    return Status.OK


def _origin(call: CallObservation, ending: Ending) -> Origin | None:
    """Return where the answer came from; a call that we refused was answered by nobody."""
    is_refused = call.status is None and hasattr(ending.error, "slug")
    return None if is_refused else Origin(call.answer_fields.get("origin", Origin.LIVE))


def _asked(call: CallObservation) -> dict[str, Any]:
    asked = call.recognised.asked(call.request)
    return {
        "operation": asked.operation or call.recognised.api.operation,
        "request_model": asked.model,
        "stream": asked.stream,
    }


def answered(draft: Draft) -> dict[str, Any]:
    """Return what an answer tells of its call."""
    fields = {
        "operation": draft.operation,
        "request_model": draft.request_model,
        "response_model": draft.response_model,
        "response_id": draft.response_id,
        "finish_reason": draft.finish_reason,
        "stream": draft.streamed,
        "service_tier": draft.service_tier,
        "reported_cost_usd": draft.reported_cost_usd,
        "usage_raw": draft.usage_raw,
    }
    if draft.usage is not None:
        fields.update(_counted(draft.usage))
    return fields


def _counted(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "cache_write_1h_tokens": usage.cache_write_1h_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "usage_source": "provider",
    }


def _played(call: CallObservation, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what the wire does not tell; usage that never came has no source."""
    unknown = {"origin"} if "usage_source" in fields else {"origin", "usage_source"}
    return {name: value for name, value in call.answer_fields.items() if name not in unknown}


def _first_content(call: CallObservation, draft: Draft | None, ending: Ending) -> float | None:
    """Of an answer in one piece the content comes with its end; an error has none."""
    if draft is None or draft.streamed:
        return call.first_content
    return ending.at if draft.complete and not _is_refusal(draft) else None


def _is_refusal(draft: Draft) -> bool:
    return draft.status >= _REDIRECT or draft.error_type is not None
