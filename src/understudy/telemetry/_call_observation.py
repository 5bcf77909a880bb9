"""The attempts of calls while they run: their bytes and times."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..calls import Request, Response, is_cancellation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..clock import Clock
    from ..events import Stage
    from ..wire import Recognised, StreamWatcher
    from ._attempts import Attempt
    from ._owner import Owner
    from ._tracker import AttemptScope


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
