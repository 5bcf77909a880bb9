"""The server below the gateway: uvicorn on httptools, with bounds for heads."""

from __future__ import annotations

import re
import signal
import socket
import struct
import threading
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..errors import SettingsError
from ._wire import HANG_UP

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport
    from collections.abc import Awaitable, Callable, Iterator

    from ._app import Gateway

_MOST_HEAD_BYTES: Final = 64 << 10
#: A head must be there so many seconds after its first byte, or after the connection was made.
_HEAD_SECONDS: Final = 10.0
#: Clients that keep connections for long expect servers to do so, too.
_KEEP_ALIVE_SECONDS: Final = 75
#: How long open answers may go on when the server is to end.
_PATIENCE_SECONDS: Final = 5
_UPGRADE: Final = re.compile(rb"\r\nupgrade:[^\r\n]*", re.IGNORECASE)
_PORTS: Final = 65_536
_AT_ONCE: Final = struct.pack("ii", 1, 0)
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class Connection(HttpToolsProtocol):
    """One connection. Heads are bounded in size and time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._head_bytes: int | None = 0
        self._head_timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for the first head, but not for long."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; a head that grows for ever is refused."""
        if self._head_bytes is not None:
            self._head_bytes += len(data)
            if b"pgrade:" in data or b"PGRADE:" in data:
                data = _without_upgrade(data)
        super().data_received(data)
        if (self._head_bytes or 0) > _MOST_HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin a head, and let its answer hang up."""
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: {"hang_up": self._hang_up}}
        self._head_bytes = self._head_bytes or 0
        self._await_head()

    def on_headers_complete(self) -> None:
        """Note that the head is there."""
        self._head_bytes = None
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Expect the next head."""
        self._head_bytes = 0
        super().on_message_complete()

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(_HEAD_SECONDS, self._give_up_head)

    def _stop_timer(self) -> None:
        timer, self._head_timer = self._head_timer, None
        if timer is not None:
            timer.cancel()

    def _give_up_head(self) -> None:
        self._head_timer = None
        self.transport.close()

    def _hang_up(self, reset: bool) -> None:  # noqa: FBT001 - an extension's one argument
        if not reset:
            self.transport.close()
            return
        own = self.transport.get_extra_info("socket")
        if own is not None:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()


def _without_upgrade(data: bytes) -> bytes:
    """Return a head without its offer of another protocol, such as HTTP/2 of Java and curl.

    The parser would take the body for that protocol's.
    """
    head, end, body = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"", head) + end + body


class _Server(Server):
    """Ends at SIGINT and SIGTERM without passing them on, and says when it is ready."""

    def __init__(
        self, config: Config, ready: Callable[[], None], end: Callable[[], Awaitable[None]] | None
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._end = end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        if self._end is not None:
            await self._end()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        ends = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in ends}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def serve(
    gateway: Gateway,
    listener: socket.socket,
    *,
    ready: Callable[[], None],
    end: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM comes; answers that are open then have 5 seconds left.

    `ready` is called once connections are taken, `end` when there are none any more, on the same
    event loop. Nothing is logged.
    """
    server_of(gateway, ready, end).run(sockets=[listener])


def server_of(
    gateway: Gateway,
    ready: Callable[[], None],
    end: Callable[[], Awaitable[None]] | None = None,
) -> Server:
    """Return the server, for who runs it: its `should_exit` ends it."""
    config = Config(
        gateway,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_PATIENCE_SECONDS,
    )
    return _Server(config, ready, end)


def listen(host: str, port: int, *, is_open: bool) -> socket.socket:
    """Bind a host and a port, 0 for any; without a token (`is_open`) only to this machine.

    Raises:
        SettingsError: the host is not this machine, or it cannot be bound.
    """
    if not 0 <= port < _PORTS:
        msg = f"--port {port}: a port is a number from 0, which is any, to {_PORTS - 1}."
        raise SettingsError(msg)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        msg = f"--host {host}: no address: {error}"
        raise SettingsError(msg) from None
    family, _, _, _, address = found[0]
    if is_open and not ip_address(str(address[0]).partition("%")[0]).is_loopback:
        msg = (
            f"--host {host}: others than this machine could call it. Give --token-file FILE,"
            " so that only who has the token gets in."
        )
        raise SettingsError(msg)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_REUSEADDR"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        msg = f"--host {host} --port {port}: cannot be bound: {error}"
        raise SettingsError(msg) from None
    return listener


def url_of(listener: socket.socket) -> str:
    """Return where it listens, without a slash at the end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
