"""What broke a connection, in the words of playback: told from the client's own exception."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...playback import Breakage
from .._interaction import RecordedError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Names of classes, of any client; the first that a chain of causes shows decides.
_KINDS: Final = (
    (
        Breakage.CONNECTION_REFUSED,
        (
            *("ConnectError", "ConnectTimeout", "ClientConnectorError", "ConnectionTimeoutError"),
            *("NewConnectionError", "ConnectTimeoutError", "ConnectionRefusedError"),
        ),
    ),
    (
        Breakage.READ_TIMEOUT,
        ("ReadTimeout", "ReadTimeoutError", "ServerTimeoutError", "TimeoutError"),
    ),
    (
        Breakage.PEER_DROP,
        (
            *("RemoteProtocolError", "ServerDisconnectedError", "RemoteDisconnected"),
            *("IncompleteRead", "TransferEncodingError", "ContentLengthError"),
        ),
    ),
    (
        Breakage.RESET,
        ("ReadError", "WriteError", "ConnectionResetError", "BrokenPipeError", "ClientOSError"),
    ),
    (Breakage.PEER_DROP, ("ClientPayloadError", "ProtocolError")),
)


def recorded_error(error: BaseException, *, before_head: bool) -> RecordedError | None:
    """Return what is kept of `error`; None where it is no failure of a connection."""
    names = {kind.__name__ for one in _chain(error) for kind in type(one).__mro__}
    for breakage, classes in _KINDS:
        if not names.isdisjoint(classes):
            text = f"{type(error).__name__}: {error}"
            return RecordedError(kind=breakage.value, text=text, before_head=before_head)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while isinstance(error, Exception) and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = error.args[-1] if error.args else None
        error = error.__cause__ or (inner if isinstance(inner, Exception) else error.__context__)
