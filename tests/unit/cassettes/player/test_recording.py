"""An answer while it is recorded, and what is kept of a client's own exception."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import zlib
from typing import TYPE_CHECKING, Any

import aiohttp
import brotli
import httpx
import httpx2
import pytest
import requests
import urllib3
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from understudy.calls import Origin
from understudy.cassettes import NO_ANSWER, RecordedError, RecordedRequest, Unit
from understudy.cassettes.player import Recording
from understudy.cassettes.player._recording import recorded_error
from understudy.playback import Breakage

if TYPE_CHECKING:
    from understudy.cassettes import RecordedResponse

REQUEST = RecordedRequest(method="POST", url="https://api.openai.com/v1/chat/completions")
SSE = ("content-type", "text/event-stream")
JSON = ("content-type", "application/json")
COMPRESSED = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


class Keeper:
    """Takes what recordings hand on."""

    def __init__(self) -> None:
        self.kept: list[RecordedResponse | None] = []

    def recording(self, request: RecordedRequest = REQUEST, *, whole: bool = False) -> Recording:
        """Return a recording; `whole` is what the wire API says of what was not read out."""
        return Recording(
            request,
            None,
            keep=lambda _, make: self.kept.append(make and make()),
            is_whole=lambda _: whole,
            cassette="c.yaml",
        )

    @property
    def only(self) -> RecordedResponse:
        """The one answer that was kept."""
        (response,) = self.kept
        assert response is not None
        return response


def heard(
    recording: Recording, *chunks: bytes, headers: Any = (JSON,), decoded: bool = False
) -> Recording:
    """Let it hear an answer, all but its end."""
    recording.answered({"origin": Origin.RECORDED})
    recording.responded(200, list(headers), decoded=decoded)
    for chunk in chunks:
        recording.chunk(chunk)
    return recording


def test_whole_answer_is_kept() -> None:
    """Status, headers, body and moments, which do not fall."""
    keeper = Keeper()

    heard(keeper.recording(), b'{"a"', b": 1}", headers=[JSON, ("x-a", "1"), ("x-a", "2")]).end()

    response = keeper.only
    assert (response.status, response.reason, response.body) == (200, "OK", b'{"a": 1}')
    assert response.headers == (JSON, ("x-a", "1"), ("x-a", "2"))
    assert response.complete
    assert response.timing is not None
    assert response.timing.unit is Unit.BYTES
    moments = [response.timing.headers_ms, *(part.at_ms for part in response.timing.parts)]
    assert moments == sorted(moments)
    assert response.timing.end_ms is not None
    assert response.timing.end_ms >= moments[-1]


def test_stream_is_timed_by_event() -> None:
    """So that a secret may be cut out of it."""
    keeper = Keeper()

    heard(keeper.recording(), b"data: 1\n\nda", b"ta: 2\n\n", headers=[SSE]).end()

    timing = keeper.only.timing
    assert timing is not None
    assert (timing.unit, [part.size for part in timing.parts]) == (Unit.EVENTS, [1, 1])


@pytest.mark.parametrize("encoding", COMPRESSED)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_compressed_body_is_stored_decoded(encoding: str, size: int) -> None:
    """Byte for byte what the application reads, and nothing tells of the encoding."""
    plain = b'{"text": "' + b"word " * 100 + b'"}'
    wire = COMPRESSED[encoding](plain)
    keeper = Keeper()
    headers = [JSON, ("content-encoding", encoding), ("content-length", str(len(wire)))]

    pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
    heard(keeper.recording(), *pieces, headers=headers).end()

    assert keeper.only.body == plain
    assert keeper.only.headers == (JSON,)


@given(st.binary(min_size=1), st.integers(min_value=1, max_value=50))
def test_any_gzip_body_in_any_pieces_is_stored_decoded(plain: bytes, size: int) -> None:
    """Whatever it holds."""
    wire = gzip.compress(plain)
    keeper = Keeper()

    pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
    heard(keeper.recording(), *pieces, headers=[("content-encoding", "gzip")]).end()

    assert keeper.only.body == plain


def test_body_that_the_client_decoded_is_stored_as_it_is() -> None:
    """As aiohttp hands it on."""
    keeper = Keeper()
    headers = [JSON, ("content-encoding", "gzip"), ("content-length", "5")]

    heard(keeper.recording(), b'{"a": 1}', headers=headers, decoded=True).end()

    assert keeper.only.body == b'{"a": 1}'
    assert keeper.only.headers == (JSON,)


def test_body_that_is_plain_although_it_is_called_compressed_is_stored_as_it_is() -> None:
    """As a proxy may send it; the header goes."""
    keeper = Keeper()

    heard(keeper.recording(), b'{"a": 1, "b": 2}', headers=[("content-encoding", "gzip")]).end()

    assert (keeper.only.body, keeper.only.headers) == (b'{"a": 1, "b": 2}', ())


def test_body_that_nothing_can_decode_is_stored_as_it_is() -> None:
    """With the header that tells of it."""
    keeper = Keeper()

    heard(keeper.recording(), b"\x00" * 20, headers=[("content-encoding", "br")]).end()

    assert keeper.only.body == b"\x00" * 20
    assert keeper.only.header("content-encoding") == "br"


def test_headers_of_an_answer_without_a_body_stay() -> None:
    """The length that a HEAD request is told is not that of nothing."""
    keeper = Keeper()
    head = RecordedRequest(method="HEAD", url=REQUEST.url)

    heard(keeper.recording(head), headers=[("content-length", "9")]).close()

    assert keeper.only.headers == (("content-length", "9"),)
    assert keeper.only.complete


@pytest.mark.parametrize("whole", [True, False])
def test_stream_that_was_not_read_out_is_whole_where_its_last_event_came(*, whole: bool) -> None:
    """The SDK of openai stops there, and never sees the end."""
    keeper = Keeper()

    heard(keeper.recording(whole=whole), b"data: [DONE]\n\n", headers=[SSE]).close()

    assert keeper.only.complete is whole


def test_body_of_the_length_that_was_told_is_whole() -> None:
    """Nothing more could have come."""
    keeper = Keeper()

    heard(keeper.recording(), b"abc", headers=[("content-length", "3")]).close()

    assert keeper.only.complete


def test_only_the_first_ending_counts() -> None:
    """A response that is closed after it was read out is kept once."""
    keeper = Keeper()
    recording = heard(keeper.recording(), b"x")

    recording.end()
    recording.close()
    recording.fail(ValueError())

    assert len(keeper.kept) == 1


@pytest.mark.parametrize("origin", [Origin.MOCKED, Origin.REPLAYED])
def test_answer_that_is_not_live_is_not_kept(origin: Origin) -> None:
    """It is nobody's to record."""
    keeper = Keeper()
    recording = keeper.recording()

    recording.answered({"origin": origin})
    recording.responded(200, [JSON], decoded=True)
    recording.chunk(b"x")
    recording.end()

    assert keeper.kept == [None]


def test_failure_before_the_head_is_kept() -> None:
    """As a failure, with a status that no client takes for an answer."""
    keeper = Keeper()

    keeper.recording().fail(httpx2.ReadTimeout("timed out"))

    response = keeper.only
    assert response.status == NO_ANSWER
    assert response.error is not None
    assert (response.error.kind, response.error.before_head) == ("read_timeout", True)


def test_failure_in_the_body_is_kept_with_what_came() -> None:
    """It is not complete."""
    keeper = Keeper()

    heard(keeper.recording(), b"data: 1\n\n", headers=[SSE]).fail(httpx2.ReadError("reset"))

    response = keeper.only
    assert (response.body, response.complete) == (b"data: 1\n\n", False)
    assert response.error is not None
    assert (response.error.kind, response.error.before_head) == ("reset", False)


def test_attempt_that_was_interrupted_before_the_head_is_not_kept() -> None:
    """There is nothing to replay."""
    keeper = Keeper()

    keeper.recording().fail(KeyboardInterrupt())

    assert keeper.kept == [None]


class Cancelled(BaseException):
    """As trio's is called, which cannot be made."""


@pytest.mark.parametrize(
    "error",
    [asyncio.CancelledError(), GeneratorExit(), Cancelled()],
    ids=lambda each: type(each).__name__,
)
def test_attempt_that_was_cancelled_before_the_head_is_kept(error: BaseException) -> None:
    """The replay waits until the application gives it up again."""
    keeper = Keeper()

    keeper.recording().fail(error)

    response = keeper.only
    assert response.status == NO_ANSWER
    assert response.error == RecordedError(
        kind="cancelled", text=type(error).__name__, before_head=True
    )


def test_stream_that_was_cancelled_while_it_was_awaited_ends_so() -> None:
    """With what had come; but one that had come whole is whole."""
    keeper, other = Keeper(), Keeper()

    heard(keeper.recording(), b"data: 1\n\n", headers=[SSE]).fail(asyncio.CancelledError())
    whole = heard(other.recording(whole=True), b"data: [DONE]\n\n", headers=[SSE])
    whole.fail(asyncio.CancelledError())

    assert keeper.only.body == b"data: 1\n\n"
    assert keeper.only.error is not None
    assert (keeper.only.error.kind, keeper.only.complete) == ("cancelled", False)
    assert (other.only.error, other.only.complete) == (None, True)


@pytest.mark.parametrize("pieces", [[], [b"data: 1\n\n"]])
def test_what_nobody_waits_for_any_more_is_given_up_unless_it_was_read(pieces: list[bytes]) -> None:
    """By a thread that its test left behind, or by a reader that stopped without closing."""
    keeper = Keeper()

    heard(keeper.recording(), *pieces, headers=[SSE]).leave()

    error = keeper.only.error
    assert (error is None) is bool(pieces)
    assert not keeper.only.complete


def test_stream_whose_reader_stops_is_kept_as_far_as_it_was_read() -> None:
    """That is no failure of the connection, and nothing to wait for."""
    keeper = Keeper()

    heard(keeper.recording(), b"data: 1\n\n", headers=[SSE]).fail(GeneratorExit())

    assert (keeper.only.complete, keeper.only.error) == (False, None)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("x"), Breakage.CONNECTION_REFUSED),
        (httpx2.ConnectTimeout("x"), Breakage.CONNECTION_REFUSED),
        (httpx.ReadTimeout("x"), Breakage.READ_TIMEOUT),
        (httpx2.RemoteProtocolError("x"), Breakage.PEER_DROP),
        (httpx.ReadError("x"), Breakage.RESET),
        (aiohttp.ServerTimeoutError("x"), Breakage.READ_TIMEOUT),
        (aiohttp.ServerDisconnectedError("x"), Breakage.PEER_DROP),
        (aiohttp.ClientPayloadError("x"), Breakage.PEER_DROP),
        (aiohttp.ClientOSError(104, "x"), Breakage.RESET),
        (TimeoutError("timed out"), Breakage.READ_TIMEOUT),
        (http.client.RemoteDisconnected("x"), Breakage.PEER_DROP),
        (ConnectionResetError(104, "x"), Breakage.RESET),
        (
            urllib3.exceptions.ProtocolError("x", http.client.IncompleteRead(b"")),
            Breakage.PEER_DROP,
        ),
        (urllib3.exceptions.ProtocolError("x", ConnectionResetError(104, "x")), Breakage.RESET),
        (
            requests.ConnectionError(urllib3.exceptions.NewConnectionError(None, "x")),  # type: ignore[arg-type]
            Breakage.CONNECTION_REFUSED,
        ),
    ],
    ids=str,
)
def test_failure_of_a_connection_has_a_kind(error: Exception, kind: Breakage) -> None:
    """Told from the exception or from what caused it, in the words of playback."""
    recorded = recorded_error(error, before_head=True)

    assert recorded is not None
    assert recorded.kind == kind
    assert recorded.before_head
    assert type(error).__name__ in recorded.text


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        KeyboardInterrupt(),
        httpx.UnsupportedProtocol("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_other_failures_are_not_kept(error: BaseException) -> None:
    """They are the application's, or nobody's to replay."""
    assert recorded_error(error, before_head=True) is None
