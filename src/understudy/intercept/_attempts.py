"""HTTP attempts, between the tapped clients and whoever watches and answers them."""

from __future__ import annotations

from contextvars import ContextVar, Token
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

from ..calls import Origin, Request
from ._answer import Answer, Answerer, PassThrough

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._observer import Observation, Observer

_T = TypeVar("_T")

_DEFAULT_PORTS = {"http": 80, "https": 443}


class NotAnsweredError(BaseException):
    """Whoever was to answer a request failed.

    No `Exception`: SDKs catch those of a transport, try again, and report a failed connection.
    """

    slug = "not-answered"


@dataclass(eq=False, repr=False, slots=True)
class HttpAttempt:
    """One HTTP attempt, from the sending of its request to the end of its answer.

    As a context manager it spans the sending: inside, further clients' requests may belong
    to it, and what is raised there is its end. `observations` are told of it.
    """

    attempts: HttpAttempts
    client: str
    request: Request
    observations: tuple[Observation, ...]
    reached_network: bool = False
    was_answered: bool = False
    was_recorded: bool = False
    was_replayed: bool = False
    _is_over: bool = False
    _token: Token[HttpAttempt | None] | None = None
    _recorded_fields: Mapping[str, Any] | None = None

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
        return (
            self._token is not None
            and self.request.method.upper() == request.method.upper()
            and _address(self.request.url) == _address(request.url)
        )

    def answer(self) -> Answer | None:
        """Return what answers in the network's place; None where the request is to go out.

        Raises:
            NotAnsweredError: whoever was to answer failed.
        """
        observation = self.observations[0] if self.observations else None
        answer = self._ask(self.request, observation)
        if isinstance(answer, PassThrough):
            if answer.observation is not None:
                self._show(answer.observation, answer.event_fields)
            return None
        if answer is not None:
            self.was_answered = True
            if observation is not None:
                self.attempts.harmless(observation.answered, answer.event_fields, answer.clock)
        return answer

    def answer_again(self, request: Request) -> Answer | None:
        """Return what answers a request that an answer redirected to; None lets it go out.

        Raises:
            NotAnsweredError: whoever was to answer failed.
        """
        answer = self._ask(request, None)
        return None if isinstance(answer, PassThrough) else answer

    def respond(
        self, status: int, headers: list[tuple[str, str]], *, decoded: bool, from_network: bool
    ) -> None:
        """Pass on the head of the answer, and where it came from."""
        if self.observations and not self.was_answered:
            self._tell_origin(came_from_network=from_network or self.reached_network)
        for observation in self.observations:
            self.attempts.harmless(partial(observation.responded, decoded=decoded), status, headers)

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
        if not self._is_over:
            self._is_over = True
            for observation in self.observations:
                self.attempts.harmless(observation.end)

    def close(self) -> None:
        """Pass on that the response was given up, where nothing else ended the attempt."""
        if not self._is_over:
            self._is_over = True
            for observation in self.observations:
                self.attempts.harmless(observation.close)

    def fail(self, error: BaseException) -> None:
        """Pass on that `error` ended the attempt, where nothing else did."""
        if not self._is_over:
            self._is_over = True
            for observation in self.observations:
                self.attempts.harmless(observation.fail, error)

    def _ask(
        self, request: Request, observation: Observation | None
    ) -> Answer | PassThrough | None:
        answerer = self.attempts.answerer
        if answerer is None:
            return None
        try:
            return answerer.answer(request, observation)
        except Exception as error:
            message = f"{request.method} {request.url}: answering it failed: {error!r}"
            raise NotAnsweredError(message) from error

    def _show(self, recording: Observation, event_fields: Mapping[str, Any]) -> None:
        for observation in self.observations:
            self.attempts.harmless(observation.answered, event_fields)
        self.observations += (recording,)
        self._recorded_fields = event_fields
        self.was_recorded = True

    def _tell_origin(self, *, came_from_network: bool) -> None:
        origin = self._origin(came_from_network=came_from_network)
        if origin is not Origin.LIVE:
            fields = (self._recorded_fields or {}) if origin is Origin.RECORDED else {}
            for observation in self.observations:
                self.attempts.harmless(observation.answered, {**fields, "origin": origin})

    def _origin(self, *, came_from_network: bool) -> Origin:
        if self.was_replayed:
            return Origin.REPLAYED
        if not came_from_network:
            return Origin.MOCKED
        return Origin.RECORDED if self.was_recorded else Origin.LIVE


class Tee:
    """Two attempts that hear of one response, where that has room for one: the first one first."""

    __slots__ = ("_first", "_second")

    def __init__(self, first: HttpAttempt | Tee, second: HttpAttempt) -> None:
        self._first = first
        self._second = second

    def chunk(self, data: bytes) -> None:
        self._first.chunk(data)
        self._second.chunk(data)

    def end(self) -> None:
        self._first.end()
        self._second.end()

    def close(self) -> None:
        self._first.close()
        self._second.close()

    def fail(self, error: BaseException) -> None:
        self._first.fail(error)
        self._second.fail(error)


def _address(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


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
    ) -> None:
        self.observer = observer
        self.answerer = answerer
        self._reads_uploads = reads_uploads
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
            return None
        observation = self.observer.begin(client, request)
        return HttpAttempt(self, client, request, () if observation is None else (observation,))

    def harmless(self, action: Callable[..., _T], *args: Any) -> _T | None:
        """Return `action(*args)`, or None where it fails: the observer is told, nobody else."""
        try:
            return action(*args)
        except Exception as error:  # noqa: BLE001 - the one wall between us and the application
            self.observer.fault(error)
            return None
