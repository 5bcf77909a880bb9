"""Splitters: bytes in, pieces out."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.providers.sample_bodies import converse_stream, frame, invoke_stream, ndjson, sse

from understudy.wire.streams import DONE, NdjsonSplitter, framing_of, undecided
from understudy.wire.streams._event_frames import EventStreamSplitter
from understudy.wire.streams._text_streams import JsonArraySplitter, SseSplitter

if TYPE_CHECKING:
    from understudy.wire.streams import Splitter

TRICKY: list[dict[str, Any]] = [
    {"a": 'quote " brace } slash \\'},
    {"b": {"c": [1, {"d": "\\\\"}]}},
    {"e": "ü"},
]
FRAMED: list[dict[str, Any]] = [{"messageStart": TRICKY[0]}, {"metadata": {}}]
STREAMS: list[tuple[type[Splitter], bytes, list[Any]]] = [
    (SseSplitter, sse(*TRICKY, done=True), [*TRICKY, DONE]),
    (SseSplitter, sse(*TRICKY).replace(b"\n", b"\r\n"), TRICKY),
    (SseSplitter, sse(*TRICKY).replace(b"\n", b"\r"), TRICKY),
    (SseSplitter, b": hello\n\n" + sse(*TRICKY).strip(), TRICKY),
    (SseSplitter, b"\xef\xbb\xbf" + sse(*TRICKY), TRICKY),
    (NdjsonSplitter, ndjson(*TRICKY), TRICKY),
    (NdjsonSplitter, b"\n" + ndjson(*TRICKY).strip(), TRICKY),
    (JsonArraySplitter, json.dumps(TRICKY, indent=1).encode(), TRICKY),
    (JsonArraySplitter, json.dumps(TRICKY, ensure_ascii=False).encode(), TRICKY),
    (EventStreamSplitter, converse_stream(*FRAMED), FRAMED),
    (EventStreamSplitter, invoke_stream(*TRICKY), TRICKY),
]


def events_of(splitter: Splitter, chunks: list[bytes]) -> list[Any]:
    """Feed chunks and parse what comes out."""
    pieces = [piece for chunk in chunks for piece in splitter.feed(chunk)]
    pieces += splitter.rest()
    assert all(splitter.holds_event(piece) for piece in pieces)
    return [event for piece in pieces for event in splitter.events(piece)]


@pytest.mark.parametrize(("framing", "body", "events"), STREAMS)
def test_a_stream_is_cut_into_its_events(
    framing: type[Splitter], body: bytes, events: list[Any]
) -> None:
    """And recognised by its first bytes."""
    assert framing_of(body) is framing
    assert events_of(framing(), [body]) == events


@pytest.mark.parametrize(("framing", "body", "events"), STREAMS)
@given(data=st.data())
@settings(max_examples=20)
def test_chunk_boundaries_change_nothing(
    framing: type[Splitter], body: bytes, events: list[Any], data: st.DataObject
) -> None:
    """Wherever they fall."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=30)))
    chunks = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]

    assert events_of(framing(), chunks) == events


@pytest.mark.parametrize(("framing", "body", "events"), STREAMS)
def test_single_bytes_change_nothing(
    framing: type[Splitter], body: bytes, events: list[Any]
) -> None:
    """The smallest chunks there are."""
    assert events_of(framing(), [bytes([byte]) for byte in body]) == events


@pytest.mark.parametrize("framing", list(dict.fromkeys(framing for framing, _, _ in STREAMS)))
@given(chunks=st.lists(st.binary()))
@settings(max_examples=30)
def test_any_bytes_are_taken(framing: type[Splitter], chunks: list[bytes]) -> None:
    """No splitter raises."""
    events_of(framing(), chunks)


def test_the_lines_of_one_sse_event_belong_together() -> None:
    """Unless each is JSON of its own: some servers forget the blank lines."""
    joined = events_of(SseSplitter(), [b'event: x\ndata: {"a":\ndata: 1}\nid: 3\n\n'])
    apart = events_of(SseSplitter(), [b'data: {"a":1}\ndata: {"a":2}\ndata: nothing\n'])

    assert (joined, apart) == ([{"a": 1}], [{"a": 1}, {"a": 2}])


def test_what_is_no_object_is_no_event() -> None:
    """Texts, numbers, arrays."""
    assert events_of(SseSplitter(), [b"data: hi\n\ndata: 3\n\ndata:\n\n"]) == []
    assert events_of(NdjsonSplitter(), [b"[1]\nnull\n{\n"]) == []
    assert events_of(EventStreamSplitter(), [frame(["a"], event_type="x")]) == []


def test_a_stream_that_was_cut_off_gives_its_whole_events() -> None:
    """Half an event is none."""
    array, frames = json.dumps([{"a": 1}, {"b": 2}]).encode(), converse_stream({"a": {}}, {"b": {}})

    assert events_of(JsonArraySplitter(), [array[:-4]]) == [{"a": 1}]
    assert events_of(EventStreamSplitter(), [frames[:-1]]) == [{"a": {}}]


def test_nonsensical_lengths_end_a_stream_of_frames() -> None:
    """Nothing after them can be found again."""
    wrong = struct.pack(">III", 5, 0, 0) + b"x" * 20

    assert events_of(EventStreamSplitter(), [frame({}, event_type="a") + wrong, b"more"]) == [
        {"a": {}}
    ]


def test_headers_of_any_type_are_passed_over() -> None:
    """Only texts name an event."""
    packed = b"\x01a\x00\x01b\x04\x00\x00\x00\x01\x01c\x06\x00\x02xx\x0b:event-type\x07\x00\x01k"
    for headers, kind in ((packed, "k"), (b"\x01a\x63", ""), (b"\xffa", "")):
        length = 16 + len(headers) + 2
        message = struct.pack(">III", length, len(headers), 0) + headers + b"{}" + b"\0" * 4

        assert events_of(EventStreamSplitter(), [message]) == [{kind: {}}]


def test_bytes_of_an_agent_are_no_event_of_their_own() -> None:
    """They are text in base64, not JSON."""
    for payload in ({"bytes": "aGVsbG8="}, {"bytes": "="}, {"bytes": 3}):
        body = frame(payload, event_type="chunk")

        assert events_of(EventStreamSplitter(), [body]) == [{"chunk": payload}]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\0\0\0\0\0\0\0\0\0\0\0\x01", b"\0\0", b"hello data: {}"]
)
def test_what_is_no_stream_has_no_splitter(body: bytes) -> None:
    """Pages, noise, nothing."""
    assert framing_of(body) is None


def test_a_few_bytes_are_too_few_to_choose() -> None:
    """Space and byte order marks do not count."""
    assert undecided(b"\xef\xbb\xbf \n data: {}")
    assert undecided(b"\0\0\0\x10")
    assert not undecided(b"data: {} data: {}")
