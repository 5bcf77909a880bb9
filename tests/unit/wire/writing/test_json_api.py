"""The skeleton that every writer is made of, with an API of somebody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from understudy.calls import Usage
from understudy.wire import Question, Target
from understudy.wire.writing import (
    JSON_LINES,
    ErrorKind,
    ErrorTable,
    Event,
    Failure,
    JsonApi,
    ProviderError,
    Reply,
    TextLine,
    joined,
    refusal,
    text_events,
    write,
)

REPLY = Reply(lines=(TextLine(("Hel", "lo")),), usage=Usage(1, 2))
EVENTS = ('{"piece":"Hel"}', '{"piece":"lo"}', '{"done":true}')


def answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer."""
    return {"model": question.model_of(reply.model), "text": joined(reply).plain}


def events(_question: Question, reply: Reply) -> list[Event]:
    """Return the events of a stream."""
    return [*text_events(reply, '{"piece":', "}"), (reply.last, "", '{"done":true}')]


MINE = JsonApi(wire_api="mine.chat", answer=answer, events=events)


def asked(*, stream: bool = False, provider: str = "mine") -> Question:
    """Return a question to it."""
    target = Target(
        method="POST",
        host="mine.example",
        netloc="mine.example",
        path="/chat",
        query="",
        provider=provider,
        known=True,
    )
    return Question("mine.chat", target, "m", stream, {})


def test_two_functions_make_a_writer() -> None:
    """One piece of JSON, or server-sent events, with the moments of the lines."""
    whole, streamed = MINE.write(asked(), REPLY), MINE.write(asked(stream=True), REPLY)

    assert json.loads(whole.body) == {"model": "m", "text": "Hello"}
    assert whole.headers == (("content-type", "application/json"),)
    assert [piece.data.decode() for piece in streamed.pieces] == [f"data: {x}\n\n" for x in EVENTS]
    assert dict(streamed.headers)["content-type"].startswith("text/event-stream")
    assert {piece.line for piece in (*whole.pieces, *streamed.pieces)} == {0}


def test_another_framing_brings_its_content_type() -> None:
    """JSON lines, say."""
    lines = JsonApi(
        wire_api="mine.chat",
        answer=answer,
        events=events,
        framing=JSON_LINES,
    )

    rendered = lines.write(asked(stream=True), REPLY)

    assert rendered.headers == (("content-type", "application/x-ndjson"),)
    assert rendered.body.decode() == "".join(f"{one}\n" for one in EVENTS)


def test_an_api_that_does_not_stream_answers_whole() -> None:
    """Whatever the request says."""
    whole = JsonApi(wire_api="mine.chat", answer=answer)

    assert whole.write(asked(stream=True), REPLY) == whole.write(asked(), REPLY)


@pytest.mark.parametrize("kind", ErrorKind)
def test_errors_are_plain_where_none_are_given(kind: ErrorKind) -> None:
    """With a usual status, and with when to try again."""
    rendered = MINE.refuse(asked(), Failure(kind=kind, retry_after=2.5))

    error = json.loads(rendered.body)["error"]
    assert rendered.status >= 400
    assert error["type"] == kind.value
    assert error["message"]
    assert "{model}" not in error["message"]
    assert dict(rendered.headers)["retry-after"] == "2.5"


def test_a_table_and_a_body_make_a_refusal() -> None:
    """Others who speak the same API may have errors of their own."""
    usual = {kind: ProviderError(500, "{model} is ill", "ill") for kind in ErrorKind}
    table = ErrorTable(usual, {("other", ErrorKind.RATE_LIMIT): ProviderError(429, "slow")})
    refuse = refusal(table, lambda question, failure: table.of(question, failure)._asdict())

    mine = refuse(asked(), Failure(kind=ErrorKind.RATE_LIMIT))
    other = refuse(asked(provider="other"), Failure(kind=ErrorKind.RATE_LIMIT, status=418))

    assert (mine.status, json.loads(mine.body)["message"]) == (500, "m is ill")
    assert (other.status, json.loads(other.body)["message"]) == (418, "slow")


def test_a_call_that_does_not_stream_gets_the_breaking_error_alone() -> None:
    """At the moment of its last line."""
    broken = Reply(lines=REPLY.lines, usage=Usage(), broken_by=Failure(kind=ErrorKind.OVERLOADED))

    assert write(MINE, asked(), broken).status == 503
    assert write(MINE, asked(), broken).pieces[0].line == 0
    assert write(MINE, asked(stream=True), broken).status == 200
