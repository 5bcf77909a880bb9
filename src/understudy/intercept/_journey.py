"""The requests that a client sends of its own accord until one answer is its caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from ._origins import are_same

if TYPE_CHECKING:
    from contextvars import ContextVar, Token

    from ..calls import Request

_A = TypeVar("_A", bound="Leg")

#: Answers that say who may ask, and nothing of what was asked.
_CHALLENGES: Final = frozenset({401, 403, 407})


class Leg(Protocol):
    """An attempt on the way: `first` is the one that the journey began with."""

    request: Request
    status: int

    @property
    def first(self) -> Leg | None: ...

    def stay(self, error: BaseException | None) -> None:
        """Take that the client did not go on; `error` is why."""


class Journey(Generic[_A]):
    """The requests that a client sends before its caller sees an answer: a context manager.

    Clients follow redirects and meet challenges of their own accord. An answer that may make
    them go on is held back until the next request shows that they did, and is then nobody's; or
    until the journey ends, and is then the answer. One inside another is part of it.
    """

    __slots__ = (
        "_current",
        "_meets_challenges",
        "_on_its_way",
        "_token",
        "crossings",
        "is_open",
        "latest",
        "sending",
    )

    def __init__(
        self,
        current: ContextVar[Journey[_A] | None],
        on_its_way: ContextVar[_A | None],
        *,
        meets_challenges: bool,
    ) -> None:
        self._current = current
        self._on_its_way = on_its_way
        self._meets_challenges = meets_challenges
        self._token: Token[Journey[_A] | None] | None = None
        self.crossings: list[_A] = []
        #: A task that was started within may outlive it.
        self.is_open = False
        self.latest: _A | None = None
        #: The attempt inside which it takes place: that of who calls an application in memory.
        self.sending: _A | None = None

    def __enter__(self) -> None:
        self.sending = self._on_its_way.get()
        if journey_in(self._current, self.sending) is None:
            self._token = self._current.set(self)
            self.is_open = True

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        token, self._token = self._token, None
        self.is_open = False
        if token is not None:
            try:  # noqa: SIM105 - as an attempt does
                self._current.reset(token)
            except ValueError:
                pass  # as there
        while self.crossings:
            self.crossings.pop().stay(error)
        self.latest = None  # which knows this: a circle would wait for the garbage collector

    def may_go_on(self, attempt: _A, status: int, headers: list[tuple[str, str]]) -> bool:
        """Tell whether the client may go on after such an answer; remember it if so."""
        is_redirect = status // 100 == 3 and any(name == "location" for name, _ in headers)  # noqa: PLR2004
        may = is_redirect or (self._meets_challenges and status in _CHALLENGES)
        if may and self.is_open:
            self.crossings.append(attempt)
        return may and self.is_open

    def take(self, request: Request) -> _A | None:
        """Return the attempt that the client goes on from with `request`; None where it begins."""
        for attempt in reversed(self.crossings):
            if self._leads(attempt, request):
                self.crossings.remove(attempt)
                return attempt
        return None

    def _leads(self, attempt: _A, request: Request) -> bool:
        """Tell whether `request` comes next: after a challenge, the same once more.

        The requests of whoever fetches a token in between have other addresses.
        """
        if attempt.status not in _CHALLENGES:
            return attempt is self.latest
        return any(are_same(one.request, request) for one in (attempt, attempt.first or attempt))


def journey_in(
    current: ContextVar[Journey[_A] | None], on_its_way: _A | None
) -> Journey[_A] | None:
    """Return the open journey that the running code is on, while it sends that attempt."""
    journey = current.get()
    is_on = journey is not None and journey.is_open and journey.sending is on_its_way
    return journey if is_on else None
