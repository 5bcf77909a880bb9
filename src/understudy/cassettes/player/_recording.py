"""One answer while it is recorded: the application reads it, a copy is kept."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ...calls import Origin, is_cancellation
from ...clock import Clock, RealClock
from ...playback import Breakage
from ...wire.streams import START, decoder_for
from .._interaction import (
    CANCELLED,
    NO_ANSWER,
    Headers,
    RecordedError,
    RecordedRequest,
    RecordedResponse,
)
from .._timing import Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..matching import Miss

_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})
#: Moments, and what came then.
Pieces = list[tuple[float, bytes]]
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


class Recording:
    """Keeps what the taps tell of one attempt, and hands it on when that ends.

    Satisfies `understudy.intercept.Observation`. Answers that do not come from the network (a
    mock's, respx's, those of vcrpy's own cassettes) are not kept. Moments are the machine's:
    what is recorded is live, whatever clock the test is on.

    Args:
        request: what was asked.
        miss: what the cassette said of it, which keeps a place free; None: behind all others.
        keep: called once, with this and what makes the response; with None where nothing is kept.
        is_whole: tells whether a body that was not read to its end holds the last event.
        cassette: names the file.
    """

    def __init__(
        self,
        request: RecordedRequest,
        miss: Miss | None,
        *,
        keep: Callable[[Recording, Callable[[], RecordedResponse] | None], None],
        is_whole: Callable[[RecordedResponse], bool],
        cassette: str,
    ) -> None:
        self.request = request
        self.miss = miss
        #: The fields of the call's event that the wire does not tell, where the answer is kept.
        self.event_fields = {
            "origin": Origin.RECORDED,
            "cassette": cassette,
            "cassette_verdict": "recorded",
        }
        self._keep = keep
        self._is_whole = is_whole
        self._now = RealClock().now
        self._chunks: list[tuple[float, bytes]] = []
        self._status: int | None = None
        self._headers: list[tuple[str, str]] = []
        self._decoded = True
        self._head_at = 0.0
        self._is_over = False
        self._began_at = self._now()

    def answered(self, fields: Mapping[str, Any], clock: Clock | None = None) -> None:  # noqa: ARG002
        """Give up where the answer is nobody's to record."""
        if fields.get("origin") is not Origin.RECORDED:
            self._hand_on(None)

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """Keep status and headers."""
        self._head_at = self._now()
        self._status, self._headers, self._decoded = status, headers, decoded

    def chunk(self, data: bytes) -> None:
        """Keep a piece of the body, with its moment."""
        self._chunks.append((self._now(), data))

    def end(self) -> None:
        """The body was read to its end."""
        self._finish(read_out=True)

    def close(self) -> None:
        """The application stopped reading, or never closed what it read."""
        self._finish(read_out=False)

    def fail(self, error: BaseException) -> None:
        """The attempt ended with `error`: kept where the connection failed or it was given up."""
        broken = recorded_error(error, before_head=self._status is None)
        self._finish(read_out=False, broken=broken)

    def leave(self) -> None:
        """Nobody waits any more, though the application neither closed nor cancelled anything."""
        text = "nobody waited for it any more"
        error = RecordedError(kind=CANCELLED, text=text, before_head=self._status is None)
        self._finish(read_out=False, broken=None if self._chunks else error)

    def _finish(self, *, read_out: bool, broken: RecordedError | None = None) -> None:
        if self._status is None and broken is None:
            self._hand_on(None)
        else:
            ended_at = self._now()
            self._hand_on(partial(self._response, ended_at, broken, read_out=read_out))

    def _hand_on(self, make: Callable[[], RecordedResponse] | None) -> None:
        if not self._is_over:
            self._is_over = True
            self._keep(self, make)

    def _response(
        self, ended_at: float, broken: RecordedError | None, *, read_out: bool
    ) -> RecordedResponse:
        end_ms = self._milliseconds(ended_at)
        if self._status is None:
            timing = Timing(headers_ms=end_ms, end_ms=end_ms)
            return RecordedResponse(status=NO_ANSWER, timing=timing, error=broken)
        pieces, headers = _stored(self._headers, self._chunks, decoded=self._decoded)
        response = RecordedResponse(
            status=self._status,
            reason=_phrase(self._status),
            headers=headers,
            body=b"".join(data for _, data in pieces),
            timing=Timing.of_chunks(
                self._milliseconds(self._head_at),
                [(self._milliseconds(at), data) for at, data in pieces],
                end_ms=end_ms,
                event_stream=_value(headers, "content-type").startswith("text/event-stream"),
            ),
            error=broken,
        )
        if read_out or self._came_whole() or self._is_whole(response):
            is_given_up = broken is not None and broken.kind == CANCELLED
            return replace(response, error=None) if is_given_up else response
        return replace(response, complete=False)

    def _came_whole(self) -> bool:
        """Tell whether nothing more of the body could have come, though nobody saw its end."""
        length = str(sum(len(data) for _, data in self._chunks))
        is_all = _value(self._headers, "content-length") == length
        return not self._decoded and (is_all or self.request.method.upper() == "HEAD")

    def _milliseconds(self, moment: float) -> float:
        return round((moment - self._began_at) * 1000, 1)


def _phrase(status: int) -> str | None:
    """Return the words that HTTP has for a status; the taps do not tell which ones were sent."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return None


def _stored(
    headers: list[tuple[str, str]], pieces: Pieces, *, decoded: bool
) -> tuple[Pieces, Headers]:
    """Return decoded pieces, and the headers that say nothing of the wire any more."""
    dropped = _FRAMING if any(data for _, data in pieces) else frozenset()
    encoding = _value(headers, "content-encoding")
    if encoding and dropped:
        plain = pieces if decoded else _decoded(pieces, encoding)
        if plain is not None:
            pieces, dropped = plain, dropped | {"content-encoding"}
    return pieces, tuple(pair for pair in headers if pair[0] not in dropped)


def _decoded(pieces: Pieces, encoding: str) -> Pieces | None:
    """Undo the encoding; None where nothing installed can."""
    # The first pieces together, until they show what the encoding is.
    start, count = b"", 0
    while len(start) < START and count < len(pieces):
        start, count = start + pieces[count][1], count + 1
    decoder = decoder_for(encoding, start[:START])
    if decoder is None:
        return pieces
    whole = [(pieces[count - 1][0], start), *pieces[count:]]
    plain = [(at, decoder.feed(data)) for at, data in whole]
    return plain if any(data for _, data in plain) else None


def _value(headers: list[tuple[str, str]] | Headers, name: str) -> str:
    return next((value for key, value in headers if key == name), "")


def recorded_error(error: BaseException, *, before_head: bool) -> RecordedError | None:
    """Return what is kept of `error`; None where neither a connection failed nor a call ended."""
    # A reader that stops in the middle of a body closes its generator: that is no cancelling.
    if is_cancellation(error) and (before_head or not isinstance(error, GeneratorExit)):
        return RecordedError(kind=CANCELLED, text=type(error).__name__, before_head=before_head)
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
