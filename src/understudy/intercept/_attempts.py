"""HTTP attempts, between the tapped clients and whoever watches and answers them."""

from __future__ import annotations

from contextvars import ContextVar, Token
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from ..calls import Origin, Request
from ..clock import RealClock
from ._answer import Answer, Answerer, PassThrough, ask
from ._journey import Journey, journey_in
from ._origins import go_to_one_server, saw_network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._observer import Observation, Observer

_T = TypeVar("_T")

_REDIRECT: Final = 300


@dataclass(eq=False, repr=False, slots=True)
class HttpAttempt:
    """One HTTP attempt, from the sending of its request to the end of its answer.

    As a context manager it spans the sending: inside, further clients' requests may belong
    to it, and what is raised there is its end. `observations` are told of it; `own` is the
    observer's among them, which goes on with the client where that follows a redirect. One that
    `gives_way` is that of a client which may be mocked: where a lower one sends, it is that one's.
    """

    attempts: HttpAttempts
    client: str
    request: Request
    own: Observation | None
    journey: Journey[HttpAttempt] | None = None
    first: HttpAttempt | None = None
    observations: tuple[Observation, ...] = ()
    began_at: float = 0.0
    gives_way: bool = False
    reached_network: bool = False
    was_answered: bool = False
    was_recorded: bool = False
    was_replayed: bool = False
    status: int = 0
    _is_over: bool = False
    _is_held: bool = False
    _held_end: tuple[str, tuple[BaseException, ...]] | None = None
    _token: Token[HttpAttempt | None] | None = None
    cassette_fields: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.own is not None:
            self.observations = (self.own,)
        self.began_at = self.attempts.now()

    def __enter__(self) -> Self:
        self._token = self.attempts.sending.set(self)
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None:
            self.fail(error)
        token, self._token = self._token, None
        if token is not None:
            try:  # noqa: SIM105 - on every call's path, where `suppress` would cost too much
                self.attempts.sending.reset(token)
            except ValueError:
                pass  # an abandoned coroutine is closed in another context than it ran in

    @property
    def is_sending(self) -> bool:
        """Tell whether the request is on its way, and no answer there yet."""
        return self._token is not None

    @property
    def is_watched(self) -> bool:
        """Whether anybody is shown the answer."""
        return bool(self.observations)

    def carries(self, request: Request) -> bool:
        """Tell whether `request` is this attempt's own on its way through a lower client."""
        return self._token is not None and go_to_one_server(self.request, request)

    def answer(self, is_mocked_below: Callable[[Request], bool] | None = None) -> Answer | None:
        """Return what answers in the network's place; None where the request is to go out.

        `is_mocked_below` tells of the mocks of a test's own that stand below the client.

        Raises:
            NotAnsweredError: whoever was to answer failed.
        """
        answer = ask(self.attempts.answerer, self.request, self.own, is_mocked_below)
        if isinstance(answer, PassThrough):
            if answer.observation is not None:
                self._show(answer.observation, answer.event_fields)
            return None
        self._note(answer)
        return answer

    def answer_again(self, request: Request) -> Answer | None:
        """Return what answers a request that an answer redirected to; None lets it go out.

        Raises:
            NotAnsweredError: whoever was to answer failed.
        """
        self.go_on(request)
        answer = ask(self.attempts.answerer, self.request, self.own)
        answer = None if isinstance(answer, PassThrough) else answer
        self._note(answer)
        return answer

    def go_on(self, request: Request) -> None:
        """Note that the client went on with `request`, where it did not tell before."""
        if (request.method, request.url) != (self.request.method, self.request.url):
            is_watched = self.own is not None
            self.request, self.own = self.attempts.gone_on(self, request)
            if self.own is not None and not is_watched:
                self.observations = (self.own, *self.observations)

    def handed_over(self, client: str) -> HttpAttempt:
        """Leave everything to a lower client, which turned out to send it; return its attempt."""
        lower = HttpAttempt(self.attempts, client, self.request, self.own, self.journey, self.first)
        self.own, self.observations = None, ()
        if self.journey is not None:
            self.journey.latest = lower
        return lower

    def sent(self, body: bytes) -> None:
        """Pass on the body that the application streamed, once it is out."""
        own = self.own
        if own is not None and body:
            self.attempts.harmless(self.attempts.observer.sent, own, body)

    def respond(
        self, status: int, headers: list[tuple[str, str]], *, decoded: bool, from_network: bool
    ) -> None:
        """Pass on the head of the answer, and where it came from."""
        if self.observations and not self.was_answered:
            self._tell_origin(came_from_network=from_network or self.reached_network)
        self.status = status
        for observation in self.observations:
            self.attempts.harmless(partial(observation.responded, decoded=decoded), status, headers)
        if status >= _REDIRECT and self.journey is not None:
            self._is_held = self.journey.may_go_on(self, status, headers)

    def chunk(self, data: bytes) -> None:
        """Pass on a piece of the body, where nothing ended the attempt yet."""
        if not self._is_over:
            for observation in self.observations:
                try:  # as `harmless` does, without a call more for each piece
                    observation.chunk(data)
                except Exception as error:  # noqa: BLE001
                    self.attempts.observer.fault(error)

    def whole(self, body: bytes) -> None:
        """Pass on the whole body of an answer that was read before the client gave it out."""
        if body:
            self.chunk(body)
        self.end()

    def end(self) -> None:
        """Pass on that the body was read to its end, where nothing else ended the attempt."""
        self._finish("end")

    def close(self) -> None:
        """Pass on that the response was given up, where nothing else ended the attempt."""
        self._finish("close")

    def fail(self, error: BaseException) -> None:
        """Pass on that `error` ended the attempt, where nothing else did."""
        is_ours = self._is_over or self.status or self.was_answered or hasattr(error, "slug")
        if not is_ours and self.observations:
            self._tell_origin(came_from_network=self.reached_network or saw_network(error))
        self._finish("fail", error)

    def stay(self, error: BaseException | None) -> None:
        """Pass on the end that was held back: the client did not go on; `error` is why."""
        self._is_held = False
        how, errors = self._held_end or ("", ())
        if not how and error is not None:
            self.fail(error)
        elif how and self.own is not None:
            told = (error,) if error is not None and how != "fail" else None
            how, errors = ("fail", told) if told else (how, errors)
            self.attempts.harmless(getattr(self.own, how), *errors)

    def _finish(self, how: str, *error: BaseException) -> None:
        if self._is_over:
            return
        self._is_over = True
        if self._is_held:
            self._held_end = how, error
        for observation in self.observations[self._is_held and self.own is not None :]:
            self.attempts.harmless(getattr(observation, how), *error)

    def _note(self, answer: Answer | None) -> None:
        self.was_answered = answer is not None
        if answer is not None and self.own is not None:
            self.attempts.harmless(self.own.answered, answer.event_fields, answer.clock)

    def _show(self, recording: Observation, event_fields: Mapping[str, Any]) -> None:
        for observation in self.observations:
            self.attempts.harmless(observation.answered, event_fields)
        self.observations += (recording,)
        self.cassette_fields = event_fields
        self.was_recorded = True

    def _tell_origin(self, *, came_from_network: bool) -> None:
        origin = self._origin(came_from_network=came_from_network)
        if origin is not Origin.LIVE:
            fields = {} if origin is Origin.MOCKED else (self.cassette_fields or {})
            for observation in self.observations:
                self.attempts.harmless(observation.answered, {**fields, "origin": origin})

    def _origin(self, *, came_from_network: bool) -> Origin:
        if self.was_replayed:
            return Origin.REPLAYED
        if not came_from_network:
            return Origin.MOCKED
        return Origin.RECORDED if self.was_recorded else Origin.LIVE


class HttpAttempts:
    """Opens an attempt for each request that goes out, while active.

    A request that passes two tapped clients on its way (httpx over an aiohttp transport)
    is one attempt, opened by the outer one. The taps reach all of their own code through
    `harmless`, so that what it does wrong never reaches the application.
    """

    def __init__(
        self,
        observer: Observer,
        answerer: Answerer | None = None,
        *,
        reads_uploads: Callable[[], bool] = bool,
        reads_upload: Callable[[Request], bool] | None = None,
    ) -> None:
        self.observer = observer
        self.answerer = answerer
        self._reads_uploads = reads_uploads
        self._reads_upload = reads_upload
        self.now = RealClock().now
        self.journey: ContextVar[Journey[HttpAttempt] | None] = ContextVar("journey", default=None)
        self.sending: ContextVar[HttpAttempt | None] = ContextVar("attempt", default=None)
        self.active = False

    @property
    def current(self) -> HttpAttempt | None:
        """The attempt whose answer the running code is about to give."""
        return self.sending.get()

    @property
    def reads_uploads(self) -> bool:
        """Whether bodies that the application streams are read before they are sent."""
        return self.active and self._reads_uploads()

    def reads_upload(self, describe: Callable[..., Request], *parts: Any) -> bool:
        """Tell whether this one is, since it may have to be known to be answered."""
        reads = self._reads_upload
        if reads is None or not self.active or self.reads_uploads:
            return self.reads_uploads
        return bool(self.harmless(lambda: reads(describe(*parts))))

    def begin(
        self, client: str, describe: Callable[..., Request], *parts: Any
    ) -> HttpAttempt | None:
        """Open the attempt of the request that `describe(*parts)` returns.

        None where there is none to open: the taps are undone, or the request belongs to
        an attempt that is open already.
        """
        if not self.active:
            return None
        request = describe(*parts)
        outer = self.sending.get()
        if outer is not None and outer.carries(request):
            outer.reached_network = True
            return outer.handed_over(client) if outer.gives_way else None
        journey = journey_in(self.journey, outer)
        before = journey.take(request) if journey is not None and journey.crossings else None
        if before is None:
            attempt = HttpAttempt(self, client, request, self.observer.begin(client, request))
        else:
            attempt = HttpAttempt(self, client, *self.gone_on(before, request))
            attempt.first = before.first or before
        if journey is not None:
            attempt.journey, journey.latest = journey, attempt
        return attempt

    def gone_on(self, before: HttpAttempt, request: Request) -> tuple[Request, Observation | None]:
        """Tell the observer that the client went on from an attempt; return what it watches."""
        if not request.body and request.method.upper() == before.request.method.upper():
            request = replace(request, body=before.request.body)
        since = self.now() - (before.first or before).began_at
        observer = self.observer
        return request, observer.go_on(before.own, before.client, request, since=since)

    def journeys(self, *, meet_challenges: bool = True) -> Journey[HttpAttempt]:
        """Return a context manager: within, a client sends until one request is answered."""
        return Journey(self.journey, self.sending, meets_challenges=meet_challenges)

    def harmless(self, action: Callable[..., _T], *args: Any) -> _T | None:
        """Return `action(*args)`, or None where it fails: the observer is told, nobody else."""
        try:
            return action(*args)
        except Exception as error:  # noqa: BLE001 - the one wall between us and the application
            self.observer.fault(error)
            return None
