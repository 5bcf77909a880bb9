"""One HTTP attempt, between a tapped client and the observer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from ..calls import Origin
from ._observations import BothObservations
from ._protocol import PassThrough

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextvars import ContextVar, Token
    from types import TracebackType

    from ..calls import Request
    from ._attempts import HttpAttempts
    from ._protocol import Answer, Answerer, Observation

_DEFAULT_PORTS = {"http": 80, "https": 443}


class NotAnsweredError(BaseException):
    """Whoever was to answer a request failed.

    No `Exception`: SDKs catch those of a transport, try again, and report a failed connection.
    """

    slug = "not-answered"


class HttpAttempt:
    """One HTTP attempt, from the sending of its request to the end of its answer.

    As a context manager it spans the sending: inside, further clients' requests may belong
    to it, and what is raised there is its end.
    """

    __slots__ = (
        "_answerer",
        "_harmless",
        "_is_over",
        "_observation",
        "_recorded_fields",
        "_sending",
        "_token",
        "client",
        "is_watched",
        "reached_network",
        "request",
        "was_answered",
        "was_recorded",
        "was_replayed",
    )

    def __init__(
        self,
        attempts: HttpAttempts,
        sending: ContextVar[HttpAttempt | None],
        client: str,
        request: Request,
        observation: Observation | None,
    ) -> None:
        self._harmless = attempts.harmless
        self._answerer: Answerer | None = attempts.answerer
        self._sending = sending
        self.client = client
        self.request = request
        self._observation = observation
        self._token: Token[HttpAttempt | None] | None = None
        self._is_over = False
        self._recorded_fields: Mapping[str, Any] = {}
        self.is_watched = observation is not None
        self.reached_network = False
        self.was_answered = False
        self.was_recorded = False
        self.was_replayed = False

    def __enter__(self) -> Self:
        self._token = self._sending.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self.fail(error)
        token, self._token = self._token, None
        if token is not None:
            try:  # noqa: SIM105 - on every call's path, where `suppress` would cost too much
                self._sending.reset(token)
            except ValueError:
                pass  # an abandoned coroutine is closed in another context than it ran in

    @property
    def is_sending(self) -> bool:
        """Tell whether the request is on its way, and no answer there yet."""
        return self._token is not None

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
        answer = self._ask(self.request, self._observation)
        if isinstance(answer, PassThrough):
            if answer.observation is not None:
                self._show(answer.observation, answer.event_fields)
            return None
        if answer is not None:
            self.was_answered = True
            if self._observation is not None:
                self._harmless(self._observation.answered, answer.event_fields, answer.clock)
        return answer

    def answer_again(self, request: Request) -> Answer | None:
        """Return what answers a request that an answer redirected to; None lets it go out.

        Raises:
            NotAnsweredError: whoever was to answer failed.
        """
        answer = self._ask(request, None)
        return None if isinstance(answer, PassThrough) else answer

    def _ask(
        self, request: Request, observation: Observation | None
    ) -> Answer | PassThrough | None:
        if self._answerer is None:
            return None
        try:
            return self._answerer.answer(request, observation)
        except Exception as error:
            message = f"{request.method} {request.url}: answering it failed: {error!r}"
            raise NotAnsweredError(message) from error

    def _show(self, observation: Observation, event_fields: Mapping[str, Any]) -> None:
        first, self._observation = self._observation, observation
        if first is not None:
            self._harmless(first.answered, event_fields)
            self._observation = BothObservations(first, observation)
        self._recorded_fields = event_fields
        self.is_watched = self.was_recorded = True

    @property
    def may_be_answered(self) -> bool:
        """Whether there is anybody who may answer."""
        return self._answerer is not None

    def respond(
        self, status: int, headers: list[tuple[str, str]], *, decoded: bool, from_network: bool
    ) -> None:
        """Pass on the head of the answer, and where it came from."""
        if self._observation is None:
            return
        if not self.was_answered:
            self._tell_origin(came_from_network=from_network or self.reached_network)
        responded = partial(self._observation.responded, decoded=decoded)
        self._harmless(responded, status, headers)

    def _tell_origin(self, *, came_from_network: bool) -> None:
        origin = self._origin(came_from_network=came_from_network)
        if origin is not Origin.LIVE and self._observation is not None:
            fields = self._recorded_fields if origin is Origin.RECORDED else {}
            self._harmless(self._observation.answered, {**fields, "origin": origin})

    def _origin(self, *, came_from_network: bool) -> Origin:
        if self.was_replayed:
            return Origin.REPLAYED
        if not came_from_network:
            return Origin.MOCKED
        return Origin.RECORDED if self.was_recorded else Origin.LIVE

    def chunk(self, data: bytes) -> None:
        """Pass on a piece of the body, where nothing ended the attempt yet."""
        if self._observation is not None and not self._is_over:
            self._harmless(self._observation.chunk, data)

    def whole(self, body: bytes) -> None:
        """Pass on the whole body of an answer that was read before the client gave it out."""
        if body:
            self.chunk(body)
        self.end()

    def end(self) -> None:
        """Pass on that the body was read to its end, where nothing else ended the attempt."""
        if self._observation is not None and not self._is_over:
            self._is_over = True
            self._harmless(self._observation.end)

    def close(self) -> None:
        """Pass on that the response was given up, where nothing else ended the attempt."""
        if self._observation is not None and not self._is_over:
            self._is_over = True
            self._harmless(self._observation.close)

    def fail(self, error: BaseException) -> None:
        """Pass on that `error` ended the attempt, where nothing else did."""
        if self._observation is not None and not self._is_over:
            self._is_over = True
            self._harmless(self._observation.fail, error)


def _address(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)
