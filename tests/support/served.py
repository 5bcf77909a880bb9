"""Our own mock as a server on loopback, for what is recorded."""

from __future__ import annotations

from understudy.contracts import NamedMockProvider, ProviderServer
from understudy.mock import MockLibrary, MockLLM


class ServedMock(ProviderServer):
    """Answers calls to a model as `mock` says, while it is entered."""

    def __init__(self) -> None:
        self.mock = MockLLM(MockLibrary.default())
        super().__init__(NamedMockProvider("openai", mock=self.mock))


def dress(mock: MockLLM) -> None:
    """Say what a model says to who asks what to wear: two tool calls, then a text."""
    weather, pack = ("weather", {"city": "Oslo"}), ("pack", {"thing": "coat"})
    mock.on(tool_result=False, contains="Oslo").reply(tool_calls=[weather], chunk="token")
    mock.on(tool_result="weather", result_contains="rain", turn=2).reply(tool_calls=[pack])
    mock.on(tool_result="pack", turn=3).reply(chunk=["Wear ", "the coat."])
