"""Puts mocks in force, for a test or for a wider scope, and takes them away."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TypeAlias

from ...endpoint import Endpoint
from ...mock import in_force
from ...wire.writing import Answers
from ._answerer import MockAnswerer
from ._misses import Misses
from ._seats import Seats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from ...mock import MockLLM
    from ...telemetry import Owner, Ownership
    from ...wire import WireApis
    from ._maker import MockMaker

Companion: TypeAlias = "Callable[[Owner | None], AbstractContextManager[object]]"


class Cast:
    """The mocks of a process that are in force.

    `companions` are entered when a mock comes into force and left when it goes; they are given
    the owner whose calls it answers, None for everybody's. `hosts` are the loopback addresses
    that count as providers.
    """

    def __init__(
        self,
        maker: MockMaker,
        companions: list[Companion],
        *,
        ownership: Ownership,
        apis: WireApis,
        hosts: Iterable[str],
    ) -> None:
        self.library = maker.library
        self.misses = Misses()
        self._maker = maker
        self._companions = companions
        self._hosts = frozenset(hosts)
        self._answers = Answers.default()
        self._seats = Seats()
        self._open: dict[Owner, ExitStack] = {}
        self.answerer = MockAnswerer(
            self._seats, self.misses, current_owner=ownership.current, apis=apis
        )

    @property
    def answered(self) -> int:
        """How many calls were answered so far, scenarios played directly included."""
        return self.answerer.answered + self._maker.plays

    def of(self, owner: Owner) -> MockLLM | None:
        """Return the mock of a test, None where it has none."""
        endpoint = self._seats.own(owner)
        return None if endpoint is None else endpoint.mock

    def make(self, owner: Owner, *, profile: str) -> MockLLM:
        """Return a new mock for the calls of a test, which answers nobody yet."""
        return self._maker.make(owner.phase_id or "", profile=profile)

    def open(self, owner: Owner, *, profile: str) -> MockLLM:
        """Put a new mock in force for the calls of a test, until `close`."""
        mock = self.make(owner, profile=profile)
        with ExitStack() as stack:
            self._enter(stack, mock, owner)
            self._seats.give(owner, self._endpoint(mock))
            self._open[owner] = stack.pop_all()
        return mock

    def close(self, owner: Owner) -> None:
        """Take the mock of a test away, where it has one.

        A thread that the test left behind is still answered by it.
        """
        stack = self._open.pop(owner, None)
        if stack is not None:
            stack.close()

    def close_all(self) -> None:
        """Take the mocks of all tests away: of one that was interrupted, too."""
        for owner in list(self._open):
            self.close(owner)

    @contextmanager
    def wide(self, name: str, *, profile: str) -> Iterator[MockLLM]:
        """Put a new mock in force for the calls of everybody who has none of their own.

        With the run's seed, `name` is the seed of what is random in calls outside of tests.
        """
        mock = self._maker.make(name, profile=profile)
        endpoint = self._endpoint(mock)
        with ExitStack() as stack:
            self._enter(stack, mock, None)
            self._seats.push(endpoint)
            stack.callback(self._seats.drop, endpoint)
            yield mock

    def _enter(self, stack: ExitStack, mock: MockLLM, owner: Owner | None) -> None:
        for companion in self._companions:
            stack.enter_context(companion(owner))
        stack.enter_context(in_force(mock))

    def _endpoint(self, mock: MockLLM) -> Endpoint:
        return Endpoint(mock, self._answers, hosts=self._hosts)
