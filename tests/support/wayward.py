"""A provider behind redirects, challenges and busy times, and ways of asking it.

`/to/307/v1/messages` redirects to `/v1/messages`, `/over/PORT/…` to that port, `/away/HOST/…` to
another machine, `/loop/…` to itself, `/gate` to a call and `/hidden/…` to `/result`. `/who/…` wants
`authorization`, `/busy/…` refuses every other time.
"""

from __future__ import annotations

import asyncio
import json
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import httpx2
import requests
import urllib3
from tests.support.loopback import LoopbackServer

from understudy.clock import RealClock

if TYPE_CHECKING:
    from collections.abc import Callable

#: What is asked, whatever the API.
ASKED = {"model": "asked", "messages": [{"role": "user", "content": "hello there"}], "input": "x"}
ANSWERS: dict[str, dict[str, Any]] = {
    "/v1/messages": {
        "type": "message",
        "model": "claude-sonnet-4-6",
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 25, "output_tokens": 7},
    },
    "/v1/chat/completions": {
        "object": "chat.completion",
        "model": "gpt-4o",
        "choices": [{"index": 0, "message": {"content": "hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 25, "completion_tokens": 7, "total_tokens": 32},
    },
    "/result": {
        "type": "message",
        "model": "claude-sonnet-4-6",
        "usage": {"input_tokens": 25, "output_tokens": 7},
    },
    "/messages": {"id": 5, "text": "no model"},
    "/token": {"access_token": "x"},
}
#: How long a redirect takes, in milliseconds.
PAUSE_MS = 20


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Wayward

    def do_POST(self) -> None:
        """Send on, refuse, or answer."""
        self.server.received.append((self.command, self.path, self._body()))
        path, status, location = self.path, 200, ""
        _, kind, argument, rest = (path + "//").split("/", 3)
        rest = f"/{rest.rstrip('/')}"
        if kind == "to":
            status, location = int(argument), rest
        elif kind == "over":
            status, location = 307, f"http://127.0.0.1:{argument}{rest}"
        elif kind == "away":
            status, location = 307, f"https://{argument}{rest}"
        elif kind == "loop":
            status, location = 307, path
        elif kind == "gate":
            status, location = 307, "/v1/messages"
        elif kind == "hidden":
            status, location = 307, "/result"
        elif kind == "who" and "authorization" not in self.headers:
            status = 401
        elif kind == "busy" and self._count() % 2:
            status = 503
        found = ANSWERS.get(path.removeprefix("/who").removeprefix("/busy"), {})
        self._answer(status, found if status == 200 else {}, location)

    do_GET = do_POST  # noqa: N815 - the name that the server looks for

    def _count(self) -> int:
        return sum(path.startswith("/busy") for _, path, _ in self.server.received)

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _answer(self, status: int, answer: dict[str, Any], location: str) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        if location:
            RealClock().sleep(PAUSE_MS / 1000 if location != self.path else 0)
            self.send_header("location", location)
        self.send_header("www-authenticate", 'Digest realm="r", nonce="n", qop="auth"')
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Wayward(LoopbackServer):
    """The server, while it is entered; `received` are method, path and body of each request."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.received: list[tuple[str, str, bytes]] = []


def by_aiohttp(url: str, **options: Any) -> None:
    """Ask by aiohttp, in a loop of its own."""

    async def ask() -> None:
        async with aiohttp.ClientSession() as session, session.post(url, **options) as response:
            await response.read()

    asyncio.run(ask())


def _async_httpx(library: Any) -> Callable[[str], None]:
    def ask(url: str) -> None:
        async def send() -> None:
            async with library.AsyncClient(follow_redirects=True) as client:
                await client.post(url, json=ASKED)

        asyncio.run(send())

    return ask


#: Clients that follow redirects.
FOLLOWERS: dict[str, Callable[[str], Any]] = {
    "httpx": lambda url: httpx.post(url, json=ASKED, follow_redirects=True),
    "httpx2": lambda url: httpx2.post(url, json=ASKED, follow_redirects=True),
    "httpx async": _async_httpx(httpx),
    "httpx2 async": _async_httpx(httpx2),
    "requests": lambda url: requests.post(url, json=ASKED, timeout=9),
    "urllib3": lambda url: urllib3.request("POST", url, json=ASKED),
    "aiohttp": lambda url: by_aiohttp(url, json=ASKED),
}
#: The same, told not to.
STAYERS: dict[str, Callable[[str], Any]] = {
    "httpx": lambda url: httpx.post(url, json=ASKED),
    "httpx2": lambda url: httpx2.post(url, json=ASKED),
    "requests": lambda url: requests.post(url, json=ASKED, timeout=9, allow_redirects=False),
    "urllib3": lambda url: urllib3.request("POST", url, json=ASKED, redirect=False),
    "aiohttp": lambda url: by_aiohttp(url, json=ASKED, allow_redirects=False),
}
