"""An HTTP server in threads, slow on the machine's time whatever clock runs."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Self

from understudy.clock import RealClock

if TYPE_CHECKING:
    from types import TracebackType

PIECES = 4


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer in pieces, each of them late."""
        pause, real = self.server.pause, RealClock()  # type: ignore[attr-defined]
        real.sleep(pause)
        self.send_response(200)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for _ in range(PIECES):
            self.wfile.write(b"5\r\nhello\r\n")
            self.wfile.flush()
            real.sleep(pause)
        self.wfile.write(b"0\r\n\r\n")

    def do_POST(self) -> None:
        """Refuse, and ask for half a minute of patience."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b'{"error": {"message": "slow down", "code": 429, "status": "RESOURCE_EXHAUSTED"}}'
        self.send_response(429)
        for name, value in self.server.refusal.items():  # type: ignore[attr-defined]
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class LoopbackServer(ThreadingHTTPServer):
    """Listens on a free port of loopback, in a thread, while it is entered."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        # The end waits for the next look of the thread: it looks often.
        self._thread = Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The root of it, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class Loopback(LoopbackServer):
    """Answers GET slowly and POST with 429, while it is entered."""

    def __init__(self, pause: float = 0.02) -> None:
        super().__init__(_Handler)
        self.pause = pause
        self.refusal = {"retry-after": "30"}
