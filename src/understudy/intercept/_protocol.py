"""What a tap tells and asks: one `Observation`, and perhaps an `Answer`, for each HTTP attempt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from ..calls import Request
    from ..clock import Clock
    from ..playback import AsyncPlayer, Playback, Player
    from ._attempts import HttpAttempts
    from ._patches import Patches


class Observation(Protocol):
    """One HTTP attempt in progress. No method raises.

    All may be called from any thread, and `close` by the garbage collector in the middle of
    anything, so that a lock that a method takes must be a reentrant one.

    It is told, in this order: `answered` (never for an answer that is live and not recorded),
    `responded`, any number of `chunk`, then one of `end`, `close` and `fail`. An attempt
    that finds no answer is told `fail` alone. A response that the application never closes
    is told no ending at all.
    """

    def answered(self, fields: Mapping[str, Any], clock: Clock | None = None) -> None:
        """Say what the wire does not tell of the answer; a later word replaces an earlier one.

        `fields` are those of the call's event, with `origin` as soon as that is known. The
        answer is played on `clock`, None for the one that the observer itself goes by.
        """

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """The status line and the headers came; `decoded`: chunks come decompressed."""

    def chunk(self, data: bytes) -> None:
        """A piece of the body reached the application, as it is handed on."""

    def end(self) -> None:
        """The body was read to its end."""

    def close(self) -> None:
        """The response was closed, or given up, before the end was seen."""

    def fail(self, error: BaseException) -> None:
        """The attempt ended with `error`, which goes on to the caller."""


class Observer(Protocol):
    """Told of every HTTP request a tapped client sends. No method raises."""

    def begin(self, client: str, request: Request) -> Observation | None:
        """Start watching an attempt; None where it is no call to a model.

        `client` is the name of the client library (`httpx`, `httpx2`, `aiohttp`, `urllib3`).
        """

    def fault(self, error: Exception) -> None:
        """Count a fault of a tap. The application saw nothing of it."""


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


class Answerer(Protocol):
    """Asked for an answer before a request goes out. Called in the task or thread that sends.

    Nobody asks about a request that httpx or httpx2 sends to a transport in memory (a
    MockTransport, an ASGI or WSGI application): the application chose who answers that.
    """

    def answer(
        self, request: Request, observation: Observation | None
    ) -> Answer | PassThrough | None:
        """Return what answers the request; None, or a `PassThrough`, lets it go out.

        `observation` is what the observer returned for the request: it is told of what is
        returned, and an answerer tells it what there is to say of a refusal. That is raised, as a
        `BaseException` that SDKs do not catch; an `Exception` is taken for a fault, and the
        request does not go out either.
        """


class Tap(Protocol):
    """How one module of a client library is tapped, once it is there."""

    @property
    def module(self) -> str:
        """Name of the module whose import makes the tap possible."""

    def apply(self, module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
        """Wrap what sends requests in `module`, so that each opens an attempt.

        Raises AttributeError where the module is of a version that the tap does not know.
        """
