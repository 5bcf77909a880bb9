"""Our own mock as a server on loopback, for what is recorded."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

from tests.support.answering import APIS
from tests.support.loopback import Loopback

from understudy.calls import Request
from understudy.endpoint import Endpoint
from understudy.mock import MockLibrary, MockLLM


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer as the mock says, in the pieces in which it says it."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request("POST", f"http://{self.headers['host']}{self.path}", headers, body)
        player = self.server.answered(request).player()  # type: ignore[attr-defined]
        player.wait_for_head()
        self.send_response(player.status)
        for name, value in player.headers:
            self.send_header(name, value)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for piece in player:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class ServedMock(Loopback):
    """Answers calls to a model as `mock` says, while it is entered."""

    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = _Handler
        self.mock = MockLLM(MockLibrary.default())
        self.endpoint = Endpoint(self.mock, APIS, frozenset({"127.0.0.1"}))

    def answered(self, request: Request) -> object:
        """Answer one request."""
        recognised = APIS.recognise(request)
        assert recognised is not None, request.url
        return self.endpoint.answer(request, recognised)


def dress(mock: MockLLM) -> None:
    """Say what a model says to who asks what to wear: two tool calls, then a text."""
    weather, pack = ("weather", {"city": "Oslo"}), ("pack", {"thing": "coat"})
    mock.on(tool_result=False, contains="Oslo").reply(tool_calls=[weather], chunk="token")
    mock.on(tool_result="weather", result_contains="rain", turn=2).reply(tool_calls=[pack])
    mock.on(tool_result="pack", turn=3).reply(chunk=["Wear ", "the coat."])
