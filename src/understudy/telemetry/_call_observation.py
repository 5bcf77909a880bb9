"""The attempts of calls while they run: their bytes and times, and which call each belongs to."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..calls import Request, Response, is_cancellation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..clock import Clock
    from ..events import Stage
    from ..wire import Recognised, StreamWatcher
    from ._owner import Owner
    from ._tracker import AttemptScope

#: openai, anthropic and other SDKs made by the same generator send it from 0.
_RETRY_COUNT = "x-stainless-retry-count"
#: botocore sends the same id with every attempt of an invocation.
_INVOCATION = "amz-sdk-invocation-id"
_SERVER_ERROR = 500
_RETRIED = frozenset({408, 409, 425, 429})


@dataclass(slots=True)
class PreviousAttempt:
    """What the next attempt in this task or thread is compared with.

    `failed`: the attempt did not end well. `retryable`: nor would a client without a word
    about its retries give up after such an end. `redirected_to` is where its answer came from.
    """

    request: Request
    owner: Owner
    call_id: str
    number: int = 1
    failed: bool = False
    retryable: bool = False
    redirected_to: str | None = None

    def note_failure(self, *, is_error: bool, http_status: int | None) -> None:
        """Note that it did not end well; without a status, that no answer came."""
        self.failed = True
        self.retryable = is_error and (
            http_status is None or http_status >= _SERVER_ERROR or http_status in _RETRIED
        )


class RetryDetector:
    """Remembers, for each task and thread, the attempt that it made last."""

    def __init__(self) -> None:
        self._last: ContextVar[PreviousAttempt | None] = ContextVar(
            "understudy_trail", default=None
        )

    def follow(self, request: Request, owner: Owner, event_id: str) -> PreviousAttempt:
        """Return an attempt that begins now; a new call is named by its event."""
        attempt = PreviousAttempt(request, owner, event_id)
        before = self._last.get()
        if before is not None and before.failed and _is_retry(request, owner, before):
            attempt.call_id, attempt.number = before.call_id, before.number + 1
        self._last.set(attempt)
        return attempt


def _is_retry(request: Request, owner: Owner, before: PreviousAttempt) -> bool:
    if before.owner is not owner or request.url not in (before.request.url, before.redirected_to):
        return False
    if (invocation := request.headers.get(_INVOCATION)) is not None:
        return invocation == before.request.headers.get(_INVOCATION)
    if (count := request.headers.get(_RETRY_COUNT)) is not None:
        return count != "0"
    return before.retryable and before.request.body == request.body


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
    attempt: PreviousAttempt
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
