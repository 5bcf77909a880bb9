"""What the tap of urllib3 makes of a request, and of urllib3 itself."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.watcher import Watcher

from understudy.intercept import Taps
from understudy.intercept._urllib3 import Urllib3Tap, _describe, _read


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

    with Taps(watcher, [Urllib3Tap()]):
        pass

    (fault,) = watcher.faults
    assert str(fault).startswith("urllib3 1 is not tapped")
