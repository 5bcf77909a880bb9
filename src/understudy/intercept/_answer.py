"""Who answers in the network's place: an `Answerer`, or a chain of them, and its `Answer`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..calls import Request
    from ..clock import Clock
    from ..playback import AsyncPlayer, Playback, Player
    from ._observer import Observation


class NotAnsweredError(BaseException):
    """Whoever was to answer a request failed.

    No `Exception`: SDKs catch those of a transport, try again, and report a failed connection.
    """

    slug = "not-answered"


class Answer(Protocol):
    """What a client gets in the network's place, once."""

    @property
    def playback(self) -> Playback:
        """The answer itself."""

    @property
    def event_fields(self) -> Mapping[str, Any]:
        """What the event of the call says of it: its `origin` at least."""

    @property
    def clock(self) -> Clock:
        """What it is played on."""

    def player(self, read_timeout: float | None = None) -> Player:
        """Return what plays it to a client that blocks, with its read time-out in seconds."""

    def async_player(self, read_timeout: float | None = None) -> AsyncPlayer:
        """Return what plays it to a client that awaits, with its read time-out in seconds."""


@dataclass(frozen=True, slots=True)
class PassThrough:
    """Said in an answer's place: the request goes out, and `observation` is shown it as well.

    `event_fields` are what the event of the call says where it comes to be recorded. Without
    an observation nobody else is asked, and that is all.
    """

    observation: Observation | None
    event_fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reserve:
    """Said in an answer's place: `make()` answers where no mock of the test's own does.

    Such mocks (respx, pytest-httpx) stand below the clients. Where one of them has an answer, the
    request goes on to it, and nothing is made.
    """

    make: Callable[[], Answer | None]


class Answerer(Protocol):
    """Asked for an answer before a request goes out. Called in the task or thread that sends.

    Nobody asks about a request that httpx or httpx2 sends to a transport in memory (a
    MockTransport, an ASGI or WSGI application): the application chose who answers that.
    """

    def answer(
        self, request: Request, observation: Observation | None
    ) -> Answer | PassThrough | Reserve | None:
        """Return what answers the request; None, or a `PassThrough`, lets it go out.

        `observation` is what the observer returned for the request: it is told of what is
        returned, and an answerer tells it what there is to say of a refusal. That is raised, as a
        `BaseException` that SDKs do not catch; an `Exception` is taken for a fault, and the
        request does not go out either.
        """


@dataclass(frozen=True, slots=True)
class AnswerChain:
    """Asks one answerer after the other; the first that has an answer gives it."""

    answerers: tuple[Answerer, ...]

    def answer(
        self, request: Request, observation: Observation | None
    ) -> Answer | PassThrough | Reserve | None:
        """Return the first answer there is; None lets the request go out."""
        for answerer in self.answerers:
            answer = answerer.answer(request, observation)
            if answer is not None:
                return answer
        return None


def ask(
    answerer: Answerer | None,
    request: Request,
    observation: Observation | None,
    is_mocked_below: Callable[[Request], bool] | None = None,
) -> Answer | PassThrough | None:
    """Return what an answerer says, a reserve only where no mock of the test's own answers.

    Raises:
        NotAnsweredError: it failed.
    """
    if answerer is None:
        return None
    try:
        answer = answerer.answer(request, observation)
        if not isinstance(answer, Reserve):
            return answer
        is_mocked = is_mocked_below is not None and is_mocked_below(request)
        return None if is_mocked else answer.make()
    except Exception as error:
        message = f"{request.method} {request.url}: answering it failed: {error!r}"
        raise NotAnsweredError(message) from error
