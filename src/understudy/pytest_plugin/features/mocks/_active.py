"""Who answers in the network's place: open routes, then the mock of whoever makes a call."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary, WeakSet

from ....intercept import Reserve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ....calls import Request
    from ....endpoint import Answered, Endpoint
    from ....intercept import Observation, PassThrough
    from ....intercept.routes import RouteAnswerer
    from ....telemetry import Owner
    from ....wire import Recognised, WireApis


class UnansweredCall(NamedTuple):
    """A call that found no answer, and whose it was."""

    owner: Owner
    error: BaseException


class OpenRoutes:
    """The routes that are open, the innermost first. Satisfies `understudy.intercept.Answerer`."""

    def __init__(self) -> None:
        self._open: list[RouteAnswerer] = []

    def answer(
        self, request: Request, observation: Observation | None
    ) -> Answered | PassThrough | None:
        """Return the first answer that open routes have; None lets the request go on."""
        for routes in reversed(self._open):
            answer = routes.answer(request, observation)
            if answer is not None:
                return answer
        return None

    def may_answer(self, request: Request) -> bool:
        """Tell whether open routes are asked about a request, which they may know by its body."""
        return bool(self._open) and request.method.upper() == "POST"

    @contextmanager
    def opened(self, routes: RouteAnswerer) -> Iterator[None]:
        """Let routes answer, before those that are open already."""
        self._open.append(routes)
        try:
            yield
        finally:
            self._open.remove(routes)


class ActiveMocks:
    """The endpoints of the mocks in force, of tests and of wider scopes.

    Satisfies `understudy.intercept.Answerer`. `answered` counts the answers; calls that found
    none are kept until somebody has said so: no application can hide them. A test keeps its mock
    after it has ended: a thread that it left behind is still answered. A mock that nobody asked
    for by name (`--llm-mock`) gives way to what a test itself mocks below its client.
    """

    def __init__(self, *, current_owner: Callable[[], Owner], apis: WireApis) -> None:
        self.answered = 0
        self._current_owner = current_owner
        self._apis = apis
        self._own: WeakKeyDictionary[Owner, Endpoint] = WeakKeyDictionary()
        self._wide: list[Endpoint] = []
        self._of_run: Endpoint | None = None
        self._giving_way: WeakSet[Owner] = WeakSet()
        self._unanswered: list[UnansweredCall] = []

    def answer(
        self,
        request: Request,
        observation: Observation | None,  # noqa: ARG002 - the endpoint knows all that it says
    ) -> Answered | Reserve | None:
        """Answer a call to a model, as the mock of its owner says; None lets it go out."""
        owner = self._current_owner()
        endpoint = self.of(owner)
        if endpoint is None:
            return None
        recognised = self._apis.recognise(request)
        if recognised is None:
            return None
        if self._gives_way(owner, endpoint):
            return Reserve(partial(self._answered, owner, endpoint, request, recognised))
        return self._answered(owner, endpoint, request, recognised)

    def _answered(
        self, owner: Owner, endpoint: Endpoint, request: Request, recognised: Recognised
    ) -> Answered | None:
        try:
            answered = endpoint.answer(request, recognised, node_id=owner.phase_id)
        except BaseException as error:
            self.note_unanswered(owner, error)
            raise
        self.answered += answered is not None
        return answered

    def may_answer(self, request: Request) -> bool:
        """Tell whether a request is answered that is a call if its body says so."""
        endpoint = self.of(self._current_owner())
        if endpoint is None:
            return False
        recognised = self._apis.recognise(request) or self._apis.guess(request)
        return recognised is not None and endpoint.takes(recognised)

    def note_unanswered(self, owner: Owner, error: BaseException) -> None:
        """Keep what a mock raised, which is about to be raised where the call was made."""
        from ....mock import MockError  # noqa: PLC0415 - only who mocks anything has one

        if isinstance(error, MockError):
            self._unanswered.append(UnansweredCall(owner, error))

    def take_unanswered(self, is_theirs: Callable[[Owner], bool]) -> list[UnansweredCall]:
        """Return the calls of some owners, which are said now, and forget them."""
        taken = [call for call in self._unanswered if is_theirs(call.owner)]
        for call in taken:
            self._unanswered.remove(call)
        return taken

    def _gives_way(self, owner: Owner, endpoint: Endpoint) -> bool:
        return endpoint is self._of_run or owner in self._giving_way

    @contextmanager
    def in_force(self, endpoint: Endpoint, *, gives_way: bool = False) -> Iterator[None]:
        """Let an endpoint answer everybody who has none of their own."""
        self._introduce(endpoint)
        self._wide.append(endpoint)
        if gives_way:
            self._of_run = endpoint
        try:
            yield
        finally:
            self._wide.remove(endpoint)

    def of(self, owner: Owner) -> Endpoint | None:
        """Return what answers the calls of an owner: its own, or the innermost wide one."""
        own = self._own.get(owner)
        if own is not None:
            return own
        return self._wide[-1] if self._wide else None

    def own(self, owner: Owner) -> Endpoint | None:
        """Return the endpoint of an owner's own mock."""
        return self._own.get(owner)

    def give(self, owner: Owner, endpoint: Endpoint, *, gives_way: bool = False) -> None:
        """Let an endpoint answer the calls of one owner."""
        self._introduce(endpoint)
        self._own[owner] = endpoint
        if gives_way:
            self._giving_way.add(owner)

    def _introduce(self, endpoint: Endpoint) -> None:
        """Let a mock know the conversations of those that are in force around it."""
        endpoint.mock.engine.conversations.elders = lambda: [
            each.mock.engine.conversations for each in reversed(self._wide)
        ]
