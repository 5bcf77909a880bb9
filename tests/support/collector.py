"""An address that takes what is posted to it."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

from tests.support.loopback import LoopbackServer


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        """Keep the body, once the gate is open."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.gate.wait(30)
        self.server.received.append((self.path, dict(self.headers.items()), body))
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Collector(LoopbackServer):
    """Listens on loopback while it is entered; `gate` shut, it answers nobody."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 204
        self.gate = Event()
        self.gate.set()

    @property
    def documents(self) -> list[Any]:
        """The bodies as JSON."""
        return [json.loads(body) for _, _, body in self.received]

    def shutdown(self) -> None:
        """Let those go that wait at the gate."""
        self.gate.set()
        super().shutdown()
