"""The mocks of a gateway: one for all, and one for each test that names itself."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

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
            MockError: none of those that there are fits.
        """


@dataclass
class MockedTests:
    """Answers calls by mocks. The newest calls of each, and the tests used last, are kept.

    `make` makes a mock of a name, the empty one for calls that tell no test.
    """

    apis: WireApis
    make: Callable[[str], MockLLM]
    most_tests: int = _MOST_TESTS
    most_calls: int = _MOST_CALLS
    _endpoints: OrderedDict[str, Endpoint] = field(default_factory=OrderedDict)

    async def answer(self, call: GatewayCall) -> Answer | None:
        """Answer as the mock of the test says."""
        endpoint = self.endpoint(call.test)
        return endpoint.answer(call.request, call.recognised, question=call.question)

    def mock(self, test: str) -> MockLLM:
        """Return the mock of a test, made where there is none yet."""
        return self.endpoint(test).mock

    def forget(self, test: str) -> None:
        """Let the test begin anew, with the rules that all begin with."""
        self._endpoints.pop(test, None)

    def endpoint(self, test: str) -> Endpoint:
        """Return what the mock of a test answers at."""
        known = self._endpoints.get(test)
        if known is not None:
            self._endpoints.move_to_end(test)
            return known
        mock = self.make(test)
        mock.engine.keep_last(self.most_calls)
        endpoint = self._endpoints[test] = Endpoint(mock, self.apis, _HOSTS)
        if len(self._endpoints) > self.most_tests:
            oldest = next(name for name in self._endpoints if name)
            del self._endpoints[oldest]
        return endpoint
