"""Who answers at a gateway: mocks and cassettes, one for all and one for each named test."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Protocol, TypeVar

from ..cassettes.player import CassetteMiss, CassettePlayer, Recording
from ..endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..calls import Request
    from ..intercept import Answer
    from ..mock import MockLLM
    from ..wire import Question, Recognised, WireApis

#: Where providers without a host of their own are said to be.
_HOSTS: Final = frozenset({"localhost"})
_MOST_CALLS: Final = 1000
_MOST_TESTS: Final = 1000

_Kept = TypeVar("_Kept")


class GatewayCall(NamedTuple):
    """A call to a model that came in; `test` is the one that makes it, empty where none is told."""

    request: Request
    recognised: Recognised
    question: Question
    test: str


class Answers(Protocol):
    """Whoever answers the calls that a gateway takes in."""

    async def answer(self, call: GatewayCall) -> Answer | None:
        """Return the answer; None where there is none for an API like this.

        Raises:
            MockError, CassetteMiss: none of those that there are fits.
        """


class PerTest(Generic[_Kept]):
    """What each test has of its own, made when it is first asked for; those used last are kept.

    The empty name is that of calls that tell no test, and is always kept.
    """

    def __init__(self, make: Callable[[str], _Kept]) -> None:
        self.most = _MOST_TESTS
        self._make = make
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def of(self, test: str) -> _Kept:
        """Return what a test has."""
        if test in self._kept:
            self._kept.move_to_end(test)
            return self._kept[test]
        made = self._kept[test] = self._make(test)
        if len(self._kept) > self.most:
            del self._kept[next(name for name in self._kept if name)]
        return made

    def forget(self, test: str) -> None:
        """Let a test begin anew."""
        self._kept.pop(test, None)


class MockedTests:
    """Answers calls by mocks; of each its newest calls are kept.

    `make` makes a mock of the name of a test.
    """

    def __init__(self, apis: WireApis, make: Callable[[str], MockLLM]) -> None:
        self.most_calls = _MOST_CALLS
        self.tests = PerTest(self._endpoint)
        self._apis = apis
        self._make = make

    async def answer(self, call: GatewayCall) -> Answer | None:
        """Answer as the mock of the test says."""
        endpoint = self.tests.of(call.test)
        return endpoint.answer(call.request, call.recognised, question=call.question)

    def mock(self, test: str) -> MockLLM:
        """Return the mock of a test, made where there is none yet."""
        return self.tests.of(test).mock

    def forget(self, test: str) -> None:
        """Let the test begin anew, with the rules that all begin with."""
        self.tests.forget(test)

    def _endpoint(self, test: str) -> Endpoint:
        mock = self._make(test)
        mock.engine.keep_last(self.most_calls)
        return Endpoint(mock, self._apis, _HOSTS)


@dataclass(frozen=True, slots=True)
class PlayedTests:
    """Answers calls from a cassette, which each test plays from its beginning.

    What it does not hold, `otherwise` answers, where there is anybody.
    """

    players: PerTest[CassettePlayer]
    otherwise: Answers | None = None

    async def answer(self, call: GatewayCall) -> Answer | None:
        """Answer as it was recorded."""
        try:
            taken = self.players.of(call.test).take(call.request)
        except CassetteMiss:
            if self.otherwise is None:
                raise
            taken = None
        if taken is None and self.otherwise is not None:
            return await self.otherwise.answer(call)
        assert not isinstance(taken, Recording)  # nothing is recorded here
        return taken
