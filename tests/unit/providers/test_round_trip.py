"""What is written is read again: our own codecs get out what a reply put in."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.providers.wire_cases import APIS, CASES, STREAMS, Case, question, read, render

from understudy.calls import Usage
from understudy.wire.writing import (
    ErrorKind,
    Failure,
    Line,
    RefusalLine,
    Rendered,
    Reply,
    TextLine,
    ThinkingLine,
    ToolLine,
)

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_stream = pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.name)
some = settings(max_examples=15, deadline=None)  # each is written in every wire API

words = st.text(min_size=1, max_size=12)
chunks = st.lists(words, min_size=1, max_size=4).map(tuple)
names = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@st.composite
def tool_lines(draw: st.DrawFn) -> ToolLine:
    """Return tool calls with arguments that are cut anywhere."""
    told = json.dumps(draw(st.dictionaries(st.text(max_size=4), values, max_size=3)))
    cuts = sorted(draw(st.lists(st.integers(0, len(told)), max_size=3)))
    ends = [0, *cuts, len(told)]
    pieces = tuple(told[start:end] for start, end in pairwise(ends))
    return ToolLine(draw(names), pieces)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """Return usage whose parts are no more than the whole."""
    count = st.integers(0, 10**6)
    read, write, fresh, told = (draw(count) for _ in range(4))
    return Usage(
        input_tokens=read + write + fresh,
        output_tokens=told,
        cache_read_tokens=read,
        cache_write_tokens=write,
        cache_write_1h_tokens=draw(st.integers(0, write)),
        reasoning_tokens=draw(st.integers(0, told)),
    )


texts = st.builds(TextLine, chunks)
thoughts = st.builds(ThinkingLine, chunks)
replies = st.builds(
    Reply,
    lines=st.lists(texts | thoughts | tool_lines(), max_size=5).map(tuple),
    usage=usages(),
    id=st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True),
)


def said(lines: tuple[Line, ...]) -> str:
    """Return the text of a reply."""
    return "".join(line.text for line in lines if isinstance(line, TextLine))


def calls(lines: tuple[Line, ...]) -> list[tuple[str, Any]]:
    """Return names and arguments of the tool calls of a reply."""
    return [(line.name, json.loads(line.text)) for line in lines if isinstance(line, ToolLine)]


def nothing_as_zero(usage: Usage | None, fields: tuple[str, ...]) -> dict[str, int]:
    """Return `fields` of a usage."""
    return {name: asdict(usage or Usage())[name] or 0 for name in fields}


@some
@given(reply=replies)
def test_what_a_reply_says_comes_back(reply: Reply) -> None:
    """Text, tool calls and usage, whatever the texts and arguments, wherever they are cut.

    One piece at the last line, or events in the order of the lines, as the request says.
    """
    for case in CASES:
        rendered = render(case.url, case.body, reply)
        found = read(case.url, case.body, rendered)

        assert (found.text or "") == said(reply.lines), case.name
        if case.tools and case.reads_calls:
            told = [(call.name, json.loads(call.arguments)) for call in found.tool_calls]
            assert told == calls(reply.lines), case.name
        counted = nothing_as_zero(found.usage, case.usage)
        assert counted == nothing_as_zero(reply.usage, case.usage), case.name
        assert (found.complete, found.error, found.status) == (True, None, 200), case.name

        streams = question(case.request).stream
        places = [piece.line for piece in rendered.pieces]
        assert found.stream is streams, case.name
        assert places[-1] == reply.last, case.name
        if reply.lines:
            assert places == sorted(place for place in places if place is not None), case.name
        assert streams or len(places) == 1, case.name


@pytest.mark.parametrize("told", ['{"a": ', "[1]", ""])
def test_broken_arguments_arrive_somehow(told: str) -> None:
    """As they are where arguments are text, under one key where they are an object.

    Scripted so, to see what an application does with them.
    """
    reply = Reply(lines=(ToolLine("f", (told,)),), usage=Usage(1, 2))
    for case in CASES:
        if case.tools and case.reads_calls:
            (call,) = read(case.url, case.body, render(case.url, case.body, reply)).tool_calls
            given = call.arguments.replace("\\", "")
            assert told in given or (told, given) == ("", "{}"), case.name


@every_case
def test_ids_model_and_call_ids_are_told(case: Case) -> None:
    """The id of the reply is in all ids; a call keeps an id of its own."""
    lines = (ToolLine("a", ("{}",), "mine"), ToolLine("b", ("{}",)), TextLine(("x",)))
    reply = Reply(lines=lines, usage=Usage(1, 2), id="abc123", model="m-2026")

    found = read(case.url, case.body, render(case.url, case.body, reply))

    if case.names_model and "bedrock" not in case.url:
        assert found.response_model == "m-2026"
    if case.tools and case.reads_calls and case.call_ids:
        first, second = found.tool_calls
        assert first.id == "mine"
        assert second.id is None or "abc123" in second.id
    if found.response_id is not None:
        assert "abc123" in found.response_id


@every_case
def test_the_model_asked_for_answers(case: Case) -> None:
    """Unless the reply says another."""
    reply = Reply(lines=(TextLine(("x",)),), usage=Usage(1, 2))

    found = read(case.url, case.body, render(case.url, case.body, reply))

    if case.names_model and "bedrock" not in case.url:
        assert found.response_model == found.request_model


@every_case
def test_finish_reasons_are_in_the_providers_words(case: Case) -> None:
    """Neutral words become the provider's own."""
    for reason, own in case.reasons.items():
        reply = Reply(lines=(TextLine(("x",)),), usage=Usage(1, 2), finish_reason=reason)

        found = read(case.url, case.body, render(case.url, case.body, reply))

        assert found.finish_reason == own


@every_case
def test_a_reply_without_lines_is_an_answer(case: Case) -> None:
    """Empty, but with its usage and its end."""
    rendered = render(case.url, case.body, Reply(usage=Usage(3, 0)))
    found = read(case.url, case.body, rendered)

    assert {piece.line for piece in rendered.pieces} == {None}
    assert (found.text or "", found.tool_calls, found.complete) == ("", (), True)
    assert found.status == 200


@every_case
def test_half_surrogate_pairs_do_no_harm(case: Case) -> None:
    """What no UTF-8 can hold becomes a question mark, everywhere the same."""
    reply = Reply(lines=(TextLine(("a\ud83d", "\u2028b\x85")),), usage=Usage(1, 2))

    found = read(case.url, case.body, render(case.url, case.body, reply))

    assert found.text == "a?\u2028b\x85"


@every_stream
def test_no_event_holds_a_line_break_of_unicode(case: Case) -> None:
    """Clients that split a body at every line break of Unicode read it too."""
    text = "a\u2028b\u2029c\x85d"
    reply = Reply(
        lines=(TextLine((text,)), ToolLine("f", (json.dumps({"k": text}),))), usage=Usage()
    )

    rendered = render(case.url, case.body, reply)

    if "eventstream" not in dict(rendered.headers)["content-type"]:
        lines = rendered.body.decode().splitlines()
        assert lines == rendered.body.decode().replace("\r\n", "\n").removesuffix("\n").split("\n")


@some
@given(reply=replies)
def test_content_is_first_seen_in_the_line_that_brings_it(reply: Reply) -> None:
    """Not in what comes before: roles, starts, pings."""
    for case in STREAMS:
        rendered = render(case.url, case.body, reply)
        recognised = APIS.recognise(case.request)
        assert recognised is not None
        watcher = recognised.watcher(dict(rendered.headers))

        seen = [piece.line for piece in rendered.pieces if watcher.feed(piece.data)]

        visible = [
            place
            for place, line in enumerate(reply.lines)
            if isinstance(line, TextLine) or (case.tools and isinstance(line, ToolLine))
        ]
        if visible:
            first = seen[0]
            assert first is not None, case.name
            assert first <= visible[0], case.name
            thinks = isinstance(reply.lines[first], ThinkingLine)
            assert thinks or first == visible[0], case.name


@every_stream
def test_an_error_breaks_a_stream_off_after_its_lines(case: Case) -> None:
    """What was said before is there; the end, the usage and the success are not."""
    for kind in ErrorKind:
        failure = Failure(kind=kind, message="the tape ran out")
        reply = Reply(lines=(TextLine(("a", "b")),), usage=Usage(1, 2), broken_by=failure)

        rendered = render(case.url, case.body, reply)
        found = read(case.url, case.body, rendered)

        assert (rendered.status, found.text) == (200, "ab"), kind
        assert b"the tape ran out" in rendered.body, kind
        assert rendered.pieces[-1].line == 0, kind
        if "cohere" in case.name:
            assert found.finish_reason in ("ERROR", None), kind
        else:
            assert (found.error, found.finish_reason) == ("the tape ran out", None), kind


@every_case
def test_an_error_is_read(case: Case) -> None:
    """With the provider's own status and message, or with those that are told."""
    for kind in ErrorKind:
        failure = Failure(kind=kind)
        told = Failure(kind=kind, status=418, message="no {model} tea")

        usual = render(case.url, case.body, failure)
        found = read(case.url, case.body, render(case.url, case.body, told))

        assert (found.status, found.error) == (418, "no {model} tea"), kind
        filtered = kind is ErrorKind.CONTENT_FILTER and "gemini" in case.name
        assert usual.status >= 400 or filtered, kind
        assert b"{model}" not in usual.body, kind
        assert [piece.line for piece in usual.pieces] == [None], kind


@every_case
def test_a_call_that_does_not_stream_gets_the_breaking_error_alone(case: Case) -> None:
    """When its last line would have come."""
    if question(case.request).stream:
        return
    failure = Failure(kind=ErrorKind.SERVER_ERROR, message="the tape ran out")
    reply = Reply(lines=(TextLine(("a",)), TextLine(("b",))), usage=Usage(), broken_by=failure)

    rendered = render(case.url, case.body, reply)

    alone = render(case.url, case.body, failure)
    assert rendered == replace(alone, pieces=(alone.pieces[0]._replace(line=1),))


@every_case
def test_headers_of_the_reply_win(case: Case) -> None:
    """Whatever the case of their names."""
    mine = (("Content-Type", "text/x-mine"), ("x-mine", "1"))
    reply = Reply(lines=(TextLine(("a",)),), usage=Usage(), headers=mine)

    headers = render(case.url, case.body, reply).headers

    assert set(mine) <= set(headers)
    assert [name.lower() for name, _ in headers].count("content-type") == 1


@every_case
def test_the_same_reply_is_the_same_bytes(case: Case) -> None:
    """Nothing depends on time or chance."""
    reply = Reply(lines=(ThinkingLine(("a",)), RefusalLine(("b",))), usage=Usage(1, 2))

    first: Rendered = render(case.url, case.body, reply)

    assert first == render(case.url, case.body, reply)
