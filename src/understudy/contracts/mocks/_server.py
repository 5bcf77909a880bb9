"""A mock provider on a port of loopback, in every wire format that is known."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, Self

from ...calls import Request
from ...endpoint import Endpoint
from ...mock import MockError
from ...playback import Breakage, Broken

if TYPE_CHECKING:
    from types import TracebackType

    from ...endpoint import Answered
    from ...playback import Player
    from ._named import NamedMockProvider

_LOOPBACK: Final = "127.0.0.1"
#: Closes a connection with a reset.
_AT_ONCE: Final = struct.pack("ii", 1, 0)
_GLANCE: Final = 0.01


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ProviderServer

    def do_GET(self) -> None:
        """Name no model: gateways ask for the list to see whether anybody is there."""
        body = b'{"object": "list", "data": []}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Answer as the provider does: in its pieces, and broken where it breaks."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        url = f"http://{self.headers['host']}{self.path}"
        try:
            answered = self.server.answer(Request("POST", url, headers, body))
        except MockError as error:
            self.send_error(501, "no answer", str(error))
            return
        if answered is None:
            self.send_error(404, f"{self.path} is no API of a model that is known")
            return
        player = answered.player()
        with suppress(ConnectionError):  # the client is gone
            self._play(player)
        player.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _play(self, player: Player) -> None:
        try:
            player.wait_for_head()
            self.send_response(player.status)
            for name, value in player.headers:
                self.send_header(name, value)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for piece in player:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        except Broken as broken:
            self._break(broken)

    def _break(self, broken: Broken) -> None:
        self.close_connection = True
        if broken.kind is Breakage.READ_TIMEOUT:
            self._wait_for_client()
        elif broken.kind is not Breakage.PEER_DROP:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)

    def _wait_for_client(self) -> None:
        """Stay silent until the client gives up, or the server is closed."""
        self.connection.settimeout(_GLANCE)
        while not self.server.is_closing.is_set():
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    return


class ProviderServer(ThreadingHTTPServer):
    """Answers on a port of loopback, 0 for a free one, as a mock provider does, while entered.

    The path of a request says which API it is of: `/v1/chat/completions`, `/v1/messages`, ….
    """

    daemon_threads = True

    def __init__(self, provider: NamedMockProvider, *, port: int = 0) -> None:
        super().__init__((_LOOPBACK, port), _Handler)
        self.provider = provider
        self.is_closing = Event()
        self._endpoint = Endpoint(provider.mock, provider.apis, frozenset({_LOOPBACK}))
        # The end waits for the next look of the thread: it looks often.
        self._thread = Thread(target=self.serve_forever, args=(_GLANCE,), daemon=True)

    @property
    def url(self) -> str:
        """The root of it, without a slash at the end."""
        return f"http://{_LOOPBACK}:{self.server_port}"

    def answer(self, request: Request) -> Answered | None:
        """Answer one request; None where it is no call to a model."""
        recognised = self.provider.apis.recognise(request)
        if recognised is None:
            return None
        answered = self._endpoint.answer(request, recognised)
        self.provider.gate.enter()
        return answered

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.is_closing.set()
        self.provider.release()
        self.shutdown()
        self._thread.join()
        self.server_close()
