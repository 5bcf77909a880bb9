"""The tap of urllib3: what it makes of a request, and a tapped response beside one that is not."""

from __future__ import annotations

import gzip
import http.client
import io
import sys
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.watcher import Watcher

from understudy.calls import Request
from understudy.intercept import Tap, Taps
from understudy.intercept._attempts import HttpAttempts
from understudy.intercept._patches import Subclassing
from understudy.intercept.clients._urllib3 import (
    TappedResponse,
    _describe,
    _read,
    tap_urllib3,
    watch_response,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def pool(host: str = "example.org", port: int | None = 443) -> Any:
    return SimpleNamespace(scheme="https", host=host, port=port)


@pytest.mark.parametrize(
    ("host", "port", "target", "url"),
    [
        ("example.org", 443, "/v1/x?y=1", "https://example.org/v1/x?y=1"),
        ("example.org", 8443, "/v1/x", "https://example.org:8443/v1/x"),
        ("example.org", None, "/v1/x", "https://example.org/v1/x"),
        ("::1", 8080, "/v1/x", "https://[::1]:8080/v1/x"),
        ("proxy", 3128, "http://example.org/v1/x", "http://example.org/v1/x"),
    ],
)
def test_url_is_that_of_the_request(host: str, port: int | None, target: str, url: str) -> None:
    """Address and path together; behind a plain proxy the target is whole already."""
    assert _describe(pool(host, port), "POST", target, {}).url == url


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (b"bytes", b"bytes"),
        ("täxt", "täxt".encode()),
        (bytearray(b"array"), b"array"),
        (memoryview(b"view"), b"view"),
        (io.BytesIO(b"memory"), b"memory"),
        (iter([b"chunks"]), b""),
        (io.StringIO("file"), b""),
        (None, b""),
    ],
)
def test_body_is_never_consumed(body: Any, sent: bytes) -> None:
    """What can be had without reading is told; files and iterables are not touched."""
    described = _describe(pool(), "post", "/", {"body": body, "headers": {b"X-A": "1"}})

    assert described.body == sent
    assert described.method == "POST"
    assert described.headers == {"x-a": "1"}
    if hasattr(body, "read"):
        assert body.read()


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (b"bytes", b"bytes"),
        ("text", "text"),
        (None, None),
        (io.BytesIO(b"file"), b"file"),
        (io.StringIO("täxt"), "täxt".encode()),
        (iter([b"one ", "two"]), b"one two"),
    ],
)
def test_upload_is_read_for_a_cassette(body: Any, sent: Any) -> None:
    """Files and iterables become bytes; the rest stays what it is."""
    assert _read(body) == sent


def test_urllib3_1_is_a_fault_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its responses are built elsewhere; its calls go on untapped."""
    pytest.importorskip("urllib3.connectionpool")
    response_type = type("HTTPResponse", (), {})
    monkeypatch.setitem(
        sys.modules,
        "urllib3.response",
        SimpleNamespace(HTTPResponse=response_type),
    )
    watcher = Watcher()

    with Taps(watcher, [Tap("urllib3.connectionpool", tap_urllib3)]):
        pass

    (fault,) = watcher.faults
    assert str(fault).startswith("urllib3 1 is not tapped")


class _Wire:
    """A socket that has received all there will be."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_: Any, **__: Any) -> BytesIO:
        return BytesIO(self._data)


def message(body: bytes, *, chunked: bool, encoding: str = "", short: int = 0) -> bytes:
    """Return a response as it goes over the wire, its last `short` bytes missing."""
    coding = f"content-encoding: {encoding}\r\n" if encoding else ""
    if not chunked:
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n{coding}\r\n".encode()
        return head + body[: len(body) - short]
    head = f"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n{coding}\r\n".encode()
    pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
    framed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    return head + framed[: len(framed) - short]


def respond(wire: bytes, **options: Any) -> urllib3.HTTPResponse:
    raw = http.client.HTTPResponse(_Wire(wire), method="POST")  # type: ignore[arg-type]
    raw.begin()
    return urllib3.HTTPResponse(
        body=raw,
        original_response=raw,
        headers=dict(raw.getheaders()),
        status=raw.status,
        preload_content=False,
        **options,
    )


def tap(response: urllib3.HTTPResponse) -> Watcher:
    watcher = Watcher()
    attempts = HttpAttempts(watcher)
    attempts.active = True
    attempt = attempts.begin("urllib3", lambda: Request("POST", "http://x/", {}, b""))
    assert attempt is not None
    attempt.respond(200, list(response.headers.items()), decoded=False, from_network=True)
    watch_response(response, attempt, Subclassing(TappedResponse))
    return watcher


def _readinto(response: urllib3.HTTPResponse, size: int) -> list[bytes]:
    buffer = bytearray(size)
    return [bytes(buffer[: response.readinto(buffer)])]


WAYS: dict[str, Callable[[urllib3.HTTPResponse, int], Any]] = {
    "read": lambda response, _: response.read(),
    "read some": lambda response, size: response.read(size),
    "read1": lambda response, size: response.read1(size),
    "readinto": _readinto,
    "stream": lambda response, size: list(response.stream(size)),
    "lines": lambda response, _: list(response),
    "data": lambda response, _: response.data,
    "drain": lambda response, _: response.drain_conn(),
}


def play(response: urllib3.HTTPResponse, script: list[tuple[str, int]]) -> list[Any]:
    seen: list[Any] = []
    for way, size in script:
        try:
            seen.append(WAYS[way](response, size))
        except Exception as error:  # noqa: BLE001 - whatever it is, both must raise it
            seen.append(type(error))
    return seen


@settings(deadline=None, max_examples=250)
@given(
    body=st.binary(max_size=60),
    chunked=st.booleans(),
    gzipped=st.booleans(),
    short=st.sampled_from([0, 0, 1, 6]),
    decode=st.booleans(),
    script=st.lists(st.tuples(st.sampled_from(sorted(WAYS)), st.integers(1, 30)), max_size=5),
)
def test_response_gives_what_it_would_give_untapped(
    body: bytes,
    script: list[tuple[str, int]],
    *,
    chunked: bool,
    gzipped: bool,
    short: int,
    decode: bool,
) -> None:
    """Every way of reading, in any order, whole or cut off; what was told was on the wire."""
    sent = gzip.compress(body, mtime=0) if gzipped else body
    encoding = "gzip" if gzipped else ""
    wire = message(sent, chunked=chunked, encoding=encoding, short=short)
    plain = respond(wire, decode_content=decode)
    tapped = respond(wire, decode_content=decode)
    watcher = tap(tapped)

    assert play(tapped, script) == play(plain, script)

    told = b"".join(watcher.only.chunks)
    assert sent.startswith(told)
    if watcher.only.ending == "end":
        assert told == sent


@pytest.mark.parametrize("way", ["read", "stream", "lines", "data", "drain"])
@pytest.mark.parametrize("chunked", [True, False])
def test_body_that_is_read_whole_ends(way: str, *, chunked: bool) -> None:
    """Once, however it is read."""
    response = respond(message(b"some body", chunked=chunked))
    watcher = tap(response)

    WAYS[way](response, 4)
    response.close()

    assert b"".join(watcher.only.chunks) == b"some body"
    assert watcher.only.ending == "end"


def test_response_keeps_its_type() -> None:
    """It is the same object, an HTTPResponse to everybody who asks."""
    response = respond(message(b"x", chunked=False))
    tap(response)

    assert isinstance(response, urllib3.HTTPResponse)
    assert type(response).__name__ == "HTTPResponse"


def test_generator_that_is_dropped_closes() -> None:
    """urllib3 throws the connection away with it."""
    response = respond(message(b"some long body", chunked=True))
    watcher = tap(response)

    chunks = response.read_chunked()
    first = next(chunks)
    chunks.close()

    assert watcher.only.chunks == [first]
    assert watcher.only.ending == "close"


def test_broken_framing_fails() -> None:
    """Though urllib3 closes the response before it raises."""
    response = respond(message(b"some long body", chunked=True, short=9))
    watcher = tap(response)

    with pytest.raises(urllib3.exceptions.ProtocolError) as caught:
        list(response.stream())

    assert watcher.only.ending is caught.value


def test_short_body_fails() -> None:
    """urllib3 counts the bytes."""
    response = respond(message(b"some long body", chunked=False, short=4))
    watcher = tap(response)

    with pytest.raises(urllib3.exceptions.ProtocolError) as caught:
        list(response.stream(4))

    assert watcher.only.ending is caught.value


def test_short_body_that_urllib3_lets_pass_is_closed() -> None:
    """That is what botocore asks for: it counts by itself."""
    wire = message(b"some long body", chunked=False, short=4)
    response = respond(wire, enforce_content_length=False)
    watcher = tap(response)

    list(response.stream(4))

    assert b"".join(watcher.only.chunks) == b"some long "
    assert watcher.only.ending == "close"
