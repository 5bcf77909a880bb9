"""A mock on a clock that the test moves, and requests to every sort of provider."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.unit.playback.manual_clock import ManualClock

from understudy.calls import Request, Response
from understudy.endpoint import Answered, Endpoint
from understudy.mock import IncomingCall, MockLibrary, MockLLM
from understudy.playback import Broken
from understudy.providers import default_apis

if TYPE_CHECKING:
    from understudy.calls import Exchange

LIBRARY = MockLibrary.default()
APIS = default_apis()

OPENAI = "https://api.openai.com/v1/chat/completions"
RESPONSES = "https://api.openai.com/v1/responses"
ANTHROPIC = "https://api.anthropic.com/v1/messages"
EMBEDDINGS = "https://api.openai.com/v1/embeddings"
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


def user(text: str) -> dict[str, Any]:
    """Return a message of the user."""
    return {"role": "user", "content": text}


def called(name: str = "get_weather", call_id: str = "c1") -> dict[str, Any]:
    """Return a message in which the model calls a tool."""
    function = {"name": name, "arguments": "{}"}
    call = {"id": call_id, "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def result(text: str = "rain", call_id: str = "c1") -> dict[str, Any]:
    """Return a message with the result of a tool."""
    return {"role": "tool", "tool_call_id": call_id, "content": text}


def request(*messages: dict[str, Any] | str, url: str = OPENAI, **body: Any) -> Request:
    """Return a chat request; a text is a message of the user."""
    said = [user(each) if isinstance(each, str) else each for each in messages]
    whole = {"model": "gpt-5", "messages": said or [user("hello")], **body}
    return Request("POST", url, {}, json.dumps(whole).encode())


def incoming(*messages: dict[str, Any] | str, **body: Any) -> IncomingCall:
    """Return the call of a chat request."""
    asked = request(*messages, **body)
    recognised = APIS.recognise(asked)
    assert recognised is not None
    return IncomingCall(asked, recognised, recognised.question(asked))


class Stage:
    """A mock and what it answers."""

    def __init__(self, clock: ManualClock | None = None, **options: Any) -> None:
        self.clock = clock or ManualClock(now=0.0)
        self.mock = MockLLM(LIBRARY, clock=self.clock, **options)
        self.endpoint = Endpoint(self.mock, APIS)

    def ask(self, *messages: dict[str, Any] | str, **body: Any) -> Answered:
        """Ask in OpenAI's chat API."""
        return self.send(request(*messages, **body))

    def send(self, asked: Request) -> Answered:
        """Send a request."""
        recognised = APIS.recognise(asked)
        assert recognised is not None
        answered = self.endpoint.answer(asked, recognised)
        assert answered is not None
        return answered

    def read(self, *messages: dict[str, Any] | str, **body: Any) -> Exchange:
        """Ask, play the answer to its end, and read it with our own codecs."""
        asked = request(*messages, **body)
        return self.play(asked)[0]

    def play(self, asked: Request, read_timeout: float | None = 60.0) -> tuple[Exchange, float]:
        """Play the answer to a request; return it, and the seconds that it took."""
        began = self.clock.now()
        answered = self.send(asked)
        player = answered.player(read_timeout)
        data = bytearray()
        try:
            for chunk in player:
                data += chunk
        except Broken:
            pass
        took = self.clock.now() - began
        return read(asked, player.status, player.headers, bytes(data)), took


def read(
    asked: Request, status: int, headers: tuple[tuple[str, str], ...], body: bytes
) -> Exchange:
    """Read an answer with our own codecs."""
    recognised = APIS.recognise(asked)
    assert recognised is not None
    response = Response(status, {name.lower(): value for name, value in headers}, body)
    return recognised.read(asked, response)
