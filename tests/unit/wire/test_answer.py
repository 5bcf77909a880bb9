"""Answers taken apart: one value, or the events of a stream."""

from __future__ import annotations

import pytest
from tests.unit.providers.sample_bodies import OPENAI_CHAT, exchange, ndjson, sse

from understudy.calls import Response
from understudy.wire import Landmarks
from understudy.wire._answer import answer_of
from understudy.wire.streams import NdjsonSplitter


@pytest.mark.parametrize(
    ("body", "kind", "streamed", "complete"),
    [
        (b'{"a": 1}', "", False, True),
        (b'\xef\xbb\xbf\n {"a": 1}\n', "", False, True),
        (b'{\n "a": 1\n}', "", False, True),
        (b'[{"a": 1}]', "", False, True),
        (b'{"a": 1', "", False, False),
        (b'{\n "a": 1', "", False, False),
        (b"[1, 2", "", False, False),
        (b"", "", False, False),
        (b"", "text/event-stream", True, False),
        (b"<html>", "", False, False),
        (b'"text"', "", False, False),
        (b'{"a": 1}\n', "application/x-ndjson", True, False),
        (b'{"a": 1}\n{"a": 2', "", True, False),
        (b": ping\n\n", "text/event-stream", True, False),
        (b"data: [DONE]\n\n", "", True, True),
    ],
)
def test_an_answer_is_told_by_its_first_bytes(
    body: bytes,
    kind: str,
    streamed: bool,  # noqa: FBT001
    complete: bool,  # noqa: FBT001
) -> None:
    """Headers are asked only where one line may be a stream, or nothing came."""
    read = exchange(OPENAI_CHAT, body, headers={"content-type": kind})

    assert (read.stream, read.complete) == (streamed, complete)


def test_an_array_is_a_stream_only_where_one_was_asked_for() -> None:
    """Otherwise its first object is the answer."""
    response = Response(200, {}, b'[{"a": 1}, {"a": 2}]')

    assert answer_of(response, wanted_stream=True).streamed
    assert answer_of(response, wanted_stream=False).value == {"a": 1}


MARKS = Landmarks(every=(b'"stop":"',), last=(b'"usage":{',))
EVENTS = [
    {"n": 0},
    {"n": 1},
    {"n": 2, "usage": {}},
    {"n": 3, "stop": "a"},
    {"n": 4},
    {"n": 5, "usage": {}},
    {"n": 6, "stop": "b"},
    {"n": 7},
    {"n": 8},
    {"n": 9},
]


@pytest.mark.parametrize(
    "body",
    [
        sse(*EVENTS),
        sse(*EVENTS).replace(b'":', b'": '),
        sse(*EVENTS).replace(b"\n", b"\r\n"),
        b": hi\n\n: hi\n\n" + sse(*EVENTS).replace(b"data", b"event: x\ndata") + b": bye\n\n",
        ndjson(*EVENTS),
        b"\n" + ndjson(*EVENTS).strip(),
    ],
    ids=["sse", "with spaces", "crlf", "with comments", "ndjson", "stripped"],
)
def test_of_a_long_stream_only_the_marked_events_are_parsed(body: bytes) -> None:
    """Both ends, every stop, the last usage."""
    answer = answer_of(Response(200, {"content-type": "x-ndjson"}, body), wanted_stream=True)

    assert [event["n"] for event in answer.events(MARKS)] == [0, 1, 3, 5, 6, 8, 9]
    assert [event["n"] for event in answer.events(None)] == list(range(10))


def test_events_with_usage_are_parsed_from_the_end_until_one_tells_it() -> None:
    """Here the one of event 4: what stands before it can tell no more."""
    events = [{"n": n, **({"usage": {}} if n in (2, 4, 6) else {})} for n in range(10)]
    answer = answer_of(Response(200, {}, sse(*events)), wanted_stream=True)

    told = answer.events(Landmarks(usage=(b'"usage":{',)), lambda event: event["n"] == 4)

    assert [event["n"] for event in told] == [0, 1, 4, 6, 8, 9]


def test_a_short_stream_is_parsed_once() -> None:
    """Its ends overlap."""
    answer = answer_of(Response(200, {}, sse({"n": 0})), wanted_stream=True)

    assert list(answer.events(MARKS)) == [{"n": 0}]


def test_an_answer_in_one_piece_has_no_events() -> None:
    """Nor a framing."""
    answer = answer_of(Response(200, {}, b"{}"), wanted_stream=False)

    assert (list(answer.events(None)), answer.framing) == ([], None)
    assert NdjsonSplitter().rest() == []
