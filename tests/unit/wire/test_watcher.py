"""The moment of the first content."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.providers.sample_bodies import (
    ANTHROPIC,
    BEDROCK,
    GEMINI,
    OPENAI_CHAT,
    converse_stream,
    ndjson,
    sse,
)

from understudy.calls import Request
from understudy.providers import default_apis

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.wire import StreamWatcher

APIS = default_apis()
ROLE = {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}
WORD = {"choices": [{"index": 0, "delta": {"content": "Hi"}}]}
CANDIDATE = {"candidates": [{"content": {"parts": [{"text": "Hi"}]}}]}
# For each: where it goes, what comes before the content, the content, what comes after.
STREAMS = [
    (OPENAI_CHAT, sse(ROLE), sse(WORD), sse(ROLE, done=True)),
    (OPENAI_CHAT, b": waiting\n\n: waiting\n\n", sse(WORD), b""),
    (
        ANTHROPIC,
        sse({"type": "message_start"}, {"type": "ping"}),
        sse({"type": "content_block_delta", "delta": {"text": "Hi"}}),
        sse({"type": "message_stop"}),
    ),
    (f"{GEMINI}/g:streamGenerateContent", b"[", json.dumps(CANDIDATE).encode(), b"\n,\r\n{}]"),
    (
        "http://localhost:11434/api/chat",
        ndjson({"message": {"content": ""}}),
        ndjson({"message": {"content": "Hi"}}),
        ndjson({"done": True}),
    ),
    (
        f"{BEDROCK}/m/converse-stream",
        converse_stream({"messageStart": {"role": "assistant"}}),
        converse_stream({"contentBlockDelta": {"delta": {"text": "Hi"}}}),
        converse_stream({"messageStop": {}}),
    ),
]
EVENTS = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=8)
ENCODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("identity", bytes),
    ("gzip", gzip.compress),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
]


def watcher(url: str, **headers: str) -> StreamWatcher:
    """Return a watcher of the answer to a POST."""
    body = b'{"model": "m", "messages": []}'
    recognised = APIS.recognise(Request("POST", url, {}, body))
    assert recognised is not None
    return recognised.watcher({name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(("url", "before", "content", "after"), STREAMS)
def test_content_is_seen_when_its_last_byte_comes(
    url: str, before: bytes, content: bytes, after: bytes
) -> None:
    """Not before, byte by byte."""
    watching = watcher(url)

    seen = [watching.feed(bytes([byte])) for byte in before + content]

    assert seen.index(True) + 1 == len(before + content)


@pytest.mark.parametrize(("url", "before", "content", "after"), STREAMS)
@pytest.mark.parametrize(("encoding", "compress"), ENCODINGS)
def test_chunk_boundaries_and_encodings_change_nothing(
    url: str,
    before: bytes,
    content: bytes,
    after: bytes,
    encoding: str,
    compress: Callable[[bytes], bytes],
) -> None:
    """Content is seen, and never without the bytes that bring it."""
    with_content, without = compress(before + content + after), compress(before + after)

    def is_seen(body: bytes, size: int) -> bool:
        watching = watcher(url, content_encoding=encoding)
        chunks = [body[start : start + size] for start in range(0, len(body), size)]
        return any(watching.feed(chunk) for chunk in chunks)

    for size in (1, 2, 3, 5, 11, 12, 13, 40, len(with_content)):
        assert is_seen(with_content, size), size
        assert not is_seen(without, size), size


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps({"choices": [{"message": {"content": "Hi"}}]}), "application/json"),
        (json.dumps({"choices": [{"delta": {"content": "Hi"}}]}) + "\n", "application/json"),
        ("<html>hello, this is a page</html>", "text/html"),
        ("", "text/event-stream"),
    ],
)
def test_a_body_that_does_not_stream_has_no_first_content(body: str, kind: str) -> None:
    """Its content comes when it ends."""
    watching = watcher(OPENAI_CHAT, content_type=kind)

    assert not watching.feed(body.encode())
    assert not watching.feed(body.encode())


@given(
    chunks=st.lists(st.binary()),
    encoding=st.sampled_from(["", "gzip", "br", "zstd", "deflate", "gzip, br"]),
    url=st.sampled_from([stream[0] for stream in STREAMS]),
)
def test_any_bytes_are_taken(chunks: list[bytes], encoding: str, url: str) -> None:
    """A watcher never raises, and says yes or no."""
    watching = watcher(url, content_encoding=encoding)

    assert all(watching.feed(chunk) in (True, False) for chunk in chunks)


@settings(max_examples=30)
@given(event=EVENTS)
def test_events_of_any_shape_are_taken(event: Any) -> None:
    """Providers may send what they like."""
    shapes = [event, {"choices": event}, {"choices": [event]}, {"choices": [{"delta": event}]}]

    assert watcher(OPENAI_CHAT).feed(sse(*shapes)) in (True, False)
