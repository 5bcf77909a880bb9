"""Answers through the cohere SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support.sdks import MESSAGES, PROMPT, OneReply, reply, story

from understudy.wire.writing import ErrorKind, Failure, TextLine, ToolLine, text_vector

if TYPE_CHECKING:
    from collections.abc import Iterator

cohere = pytest.importorskip("cohere")

ASKED: dict[str, Any] = {"model": "command-a", "messages": MESSAGES}
FIRST: dict[str, Any] = {"model": "command-r", "message": PROMPT}
ONCE: Any = {"max_retries": 0}


@pytest.fixture
def client(answered: OneReply) -> Iterator[Any]:
    """A client of the second API."""
    with answered.client("httpx") as http:
        yield cohere.ClientV2(api_key="x", httpx_client=http)


@pytest.fixture
def first(answered: OneReply) -> Iterator[Any]:
    """A client of the first API."""
    with answered.client("httpx") as http:
        yield cohere.Client(api_key="x", httpx_client=http)


def test_an_answer_is_whole(client: Any, answered: OneReply) -> None:
    """Thoughts, text, calls, reason and usage."""
    answered.reply = story()

    answer = client.chat(**ASKED)

    thinking, text = answer.message.content
    assert (thinking.thinking, text.text) == ("Let me think.", "Hello\nworld")
    called = [
        (one.id, one.function.name, one.function.arguments) for one in answer.message.tool_calls
    ]
    assert called == [
        ("get_weather_t10", "get_weather", '{"city": "Oslo"}'),
        ("call_mine", "get_time", "{}"),
    ]
    assert (answer.finish_reason, answer.usage.tokens.input_tokens, answer.id) == (
        "TOOL_CALL",
        11,
        "t1",
    )


def test_a_stream_has_the_events_of_the_real_thing(client: Any, answered: OneReply) -> None:
    """Each part begins and ends."""
    answered.reply = reply(TextLine(("Hel", "lo")), ToolLine("f", ("{", "}")))

    events = list(client.chat_stream(**ASKED))

    assert [event.type for event in events] == [
        "message-start",
        "content-start",
        "content-delta",
        "content-delta",
        "content-end",
        "tool-call-start",
        "tool-call-delta",
        "tool-call-delta",
        "tool-call-end",
        "message-end",
    ]
    assert events[2].delta.message.content.text == "Hel"
    assert events[6].delta.message.tool_calls.function.arguments == "{"
    assert events[-1].delta.usage.tokens.output_tokens == 7


def test_the_first_api_is_answered(first: Any, answered: OneReply) -> None:
    """Whole and streamed."""
    answered.reply = reply(TextLine(("Hel", "lo")), ToolLine("f", ('{"a": 1}',)))

    answer = first.chat(**FIRST)
    events = list(first.chat_stream(**FIRST))

    assert (answer.text, answer.tool_calls[0].parameters) == ("Hello", {"a": 1})
    assert answer.meta.tokens.input_tokens == 11
    assert [event.event_type for event in events] == [
        "stream-start",
        "text-generation",
        "text-generation",
        "tool-calls-chunk",
        "tool-calls-chunk",
        "tool-calls-generation",
        "stream-end",
    ]
    assert events[-1].response.text == "Hello"


@pytest.mark.parametrize("kind", ["float", "int8", "uint8", "binary", "ubinary", "base64"])
def test_embeddings_come_in_the_type_asked_for(client: Any, answered: OneReply, kind: str) -> None:
    """A vector for each text."""
    answer = client.embed(
        model="embed-v4.0",
        texts=["one cat", "two dogs"],
        input_type="search_document",
        embedding_types=[kind],
        output_dimension=256,
    )

    vectors = getattr(answer.embeddings, "float_" if kind == "float" else kind)
    assert len(vectors) == 2
    if kind == "float":
        assert vectors[0] == text_vector("one cat", 256)
    if kind in ("binary", "ubinary"):
        assert len(vectors[0]) == 32


def test_embeddings_of_the_first_api_are_numbers(first: Any, answered: OneReply) -> None:
    """Where no type is asked for."""
    answer = first.embed(model="embed-english-v3.0", texts=["one cat"], input_type="search_query")

    assert answer.embeddings == [text_vector("one cat", 1024)]


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        (ErrorKind.RATE_LIMIT, "TooManyRequestsError"),
        (ErrorKind.OVERLOADED, "ServiceUnavailableError"),
        (ErrorKind.AUTHENTICATION, "UnauthorizedError"),
        (ErrorKind.PERMISSION, "ForbiddenError"),
        (ErrorKind.NOT_FOUND, "NotFoundError"),
        (ErrorKind.INVALID_REQUEST, "BadRequestError"),
        (ErrorKind.CONTEXT_OVERFLOW, "BadRequestError"),
        (ErrorKind.CONTENT_FILTER, "BadRequestError"),
        (ErrorKind.SERVER_ERROR, "InternalServerError"),
    ],
)
@pytest.mark.parametrize("method", ["chat", "chat_stream"])
def test_each_error_is_the_sdks_own(
    client: Any, answered: OneReply, kind: ErrorKind, raised: str, method: str
) -> None:
    """Its class and its message."""
    answered.reply = Failure(kind=kind, message="no")

    with pytest.raises(getattr(cohere, raised)) as caught:
        list(getattr(client, method)(**ASKED, request_options=ONCE))

    assert caught.value.body["message"] == "no"


def test_an_error_within_a_stream_is_told_at_its_end(client: Any, answered: OneReply) -> None:
    """Cohere's SDK raises nothing."""
    failure = Failure(kind=ErrorKind.SERVER_ERROR, message="the tape ran out")
    answered.reply = reply(TextLine(("Hel",)), broken_by=failure)

    *_, last = client.chat_stream(**ASKED)

    assert (last.delta.finish_reason, last.delta.error) == ("ERROR", "the tape ran out")


def test_likelihoods_are_told_where_they_are_asked_for(client: Any, answered: OneReply) -> None:
    """Piece by piece, whole and streamed."""
    answered.reply = reply(TextLine(("Hel", "lo world")))

    whole = client.chat(**ASKED, logprobs=True).logprobs
    events = list(client.chat_stream(**ASKED, logprobs=True))

    assert [(one.text, len(one.logprobs)) for one in whole] == [("Hel", 1), ("lo world", 2)]
    assert [one.logprobs for one in events if one.type == "content-delta"] == whole
