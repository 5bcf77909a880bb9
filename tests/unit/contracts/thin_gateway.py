"""A gateway on loopback that does no more than choose a provider and hand its bytes on."""

from __future__ import annotations

import json
import socket
from fnmatch import fnmatch
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler

from tests.support.loopback import LoopbackServer

PATTERNS = {
    "anthropic/*": "anthropic",
    "claude*": "anthropic",
    "openai/*": "openai",
    "gpt*": "openai",
    "*": "openrouter",
}


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Handler(BaseHTTPRequestHandler):
    """Hands a request on, and the answer back, as it comes."""

    protocol_version = "HTTP/1.1"
    server: ThinGateway

    def do_POST(self) -> None:
        """Answer as the provider does; half an answer is half an answer."""
        data = self.rfile.read(int(self.headers["content-length"]))
        model = json.loads(data)["model"]
        name = next(name for pattern, name in PATTERNS.items() if fnmatch(model, pattern))
        connection = HTTPConnection("127.0.0.1", self.server.ports[name], timeout=9)
        try:
            connection.request("POST", "/v1/chat/completions", data, {"host": "api.openai.com"})
            answer = connection.getresponse()
        except OSError:
            self.send_error(502)
            return
        self.send_response(answer.status)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            while piece := answer.read1():
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        except Exception:  # noqa: BLE001 - the provider broke off, or the client left
            self.close_connection = True
        connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class ThinGateway(LoopbackServer):
    """The gateway, while it is entered; `ports` are those of its providers."""

    def __init__(self) -> None:
        super().__init__(Handler)
        self.ports = {name: free_port() for name in ("anthropic", "openai", "openrouter")}
