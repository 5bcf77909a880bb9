"""HTTP/1.1: headers of any client as text, and answers as bytes for clients that parse them."""

from __future__ import annotations

from errno import ECONNREFUSED, ECONNRESET
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Final

from ...playback import AsyncPlayer, Breakage, Broken, Playback, Player

if TYPE_CHECKING:
    from collections.abc import Iterable


_EMPTY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


def lowered(items: Iterable[tuple[str | bytes, str | bytes]]) -> list[tuple[str, str]]:
    """Return the pairs as text, the names in lower case."""
    return [(_text(name).lower(), _text(value)) for name, value in items]


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def bytes_of(body: object) -> bytes:
    """Return a body as bytes; a form, a file or an iterable is the application's to be read."""
    match body:
        case bytes():
            return body
        case str():
            return body.encode()
        case bytearray() | memoryview():
            return bytes(body)
        case BytesIO():
            return body.getvalue()[body.tell() :]
    return b""


class Framing:
    """The head of an answer, and how its body is framed: in chunks, unless its length is told."""

    __slots__ = ("_is_chunked", "end", "head")

    def __init__(self, answer: Player | AsyncPlayer, method: str) -> None:
        fields = [
            (name, value)
            for name, value in answer.headers
            if name.lower() not in {"transfer-encoding", "connection"}
        ]
        has_body = method != "HEAD" and answer.status not in _EMPTY
        self._is_chunked = has_body and all(name.lower() != "content-length" for name, _ in fields)
        if self._is_chunked:
            fields.append(("transfer-encoding", "chunked"))
        lines = [f"HTTP/1.1 {answer.status} {_reason(answer.status)}"]
        lines += [f"{name}: {value}" for name, value in fields]
        #: Status line and headers.
        self.head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        #: What follows the body.
        self.end = b"0\r\n\r\n" if self._is_chunked else b""

    def frame(self, data: bytes) -> bytes:
        """Return a piece of the body as it is sent."""
        return b"%x\r\n%b\r\n" % (len(data), data) if self._is_chunked and data else data


def refuses_connection(playback: Playback) -> bool:
    """Tell whether the answer is that nobody takes the connection."""
    broken = playback.broken
    return broken is not None and broken.before_head and broken.kind is Breakage.CONNECTION_REFUSED


def system_error(broken: Broken) -> OSError | None:
    """Return what a socket raises where a connection breaks; None where it reads nothing more."""
    match broken.kind:
        case Breakage.CONNECTION_REFUSED:
            return ConnectionRefusedError(ECONNREFUSED, "Connection refused")
        case Breakage.RESET:
            return ConnectionResetError(ECONNRESET, "Connection reset by peer")
        case Breakage.READ_TIMEOUT:
            return TimeoutError("timed out")
        case Breakage.PEER_DROP:
            return None


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
