"""Answers through the openai SDK: chat, completions, embeddings, errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel
from tests.support.clients import OPENAI
from tests.support.sdks import MESSAGES, OneReply, reply, story

from understudy.wire.writing import (
    ErrorKind,
    Failure,
    RefusalLine,
    TextLine,
    text_vector,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

openai = pytest.importorskip("openai")

ASKED: dict[str, Any] = {"model": "gpt-4o", "messages": MESSAGES}


class City(BaseModel):
    """A structured answer."""

    name: str
    people: int


@pytest.fixture
def client(answered: OneReply) -> Iterator[Any]:
    """A client that does not retry."""
    with openai.OpenAI(api_key="x", max_retries=0, http_client=answered.client(OPENAI)) as one:
        yield one


def async_client(answered: OneReply) -> Any:
    """Return an asynchronous client that does not retry."""
    return openai.AsyncOpenAI(api_key="x", max_retries=0, http_client=answered.async_client(OPENAI))


def test_a_chat_completion_is_whole(client: Any, answered: OneReply) -> None:
    """Text, tool calls, reason, usage, id, model and request id."""
    answered.reply = story()

    answer = client.chat.completions.create(**ASKED)

    choice = answer.choices[0]
    called = [
        (one.id, one.function.name, one.function.arguments) for one in choice.message.tool_calls
    ]
    assert choice.message.content == "Hello\nworld"
    assert called == [
        ("call_t10", "get_weather", '{"city": "Oslo"}'),
        ("call_mine", "get_time", "{}"),
    ]
    assert (choice.finish_reason, answer.model, answer.id) == (
        "tool_calls",
        "gpt-4o",
        "chatcmpl-t1",
    )
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (11, 7)
    assert answer.usage.prompt_tokens_details.cached_tokens == 4
    assert answer.usage.completion_tokens_details.reasoning_tokens == 2
    assert answer._request_id == "req_t1"


def test_a_stream_that_asks_for_usage_gets_it_apart(client: Any, answered: OneReply) -> None:
    """In a chunk without choices, as the last one."""
    answered.reply = reply(TextLine(("Hel", "lo")))

    chunks = list(
        client.chat.completions.create(**ASKED, stream=True, stream_options={"include_usage": True})
    )

    texts = [chunk.choices[0].delta.content or "" for chunk in chunks[:-1]]
    assert texts == ["", "Hel", "lo", ""]
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens == 18
    assert [chunk.usage for chunk in chunks[:-1]] == [None] * 4


def test_a_stream_that_does_not_ask_has_choices_in_every_chunk(
    client: Any, answered: OneReply
) -> None:
    """So that `chunk.choices[0]` holds, and usage is told all the same."""
    answered.reply = reply(TextLine(("Hel", "lo")), finish_reason="length")

    chunks = list(client.chat.completions.create(**ASKED, stream=True))

    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Hello"
    assert chunks[-1].choices[0].finish_reason == "length"
    assert chunks[-1].usage.total_tokens == 18


def test_the_stream_helper_puts_it_together(client: Any, answered: OneReply) -> None:
    """With its tool calls."""
    answered.reply = story()

    with client.chat.completions.stream(**ASKED) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()

    message = final.choices[0].message
    assert message.content == "Hello\nworld"
    assert [one.function.name for one in message.tool_calls] == ["get_weather", "get_time"]
    assert json.loads(message.tool_calls[0].function.arguments) == {"city": "Oslo"}
    assert {"content.delta", "content.done", "tool_calls.function.arguments.done"} <= kinds


async def test_the_asynchronous_client_reads_the_same(answered: OneReply) -> None:
    """Whole and streamed."""
    async with async_client(answered) as client:
        answer = await client.chat.completions.create(**ASKED)
        chunks = [one async for one in await client.chat.completions.create(**ASKED, stream=True)]

    assert answer.choices[0].message.content == "Hello"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Hello"


def test_structured_output_is_parsed(client: Any, answered: OneReply) -> None:
    """JSON is plain text on the wire."""
    answered.reply = reply(TextLine((City(name="Oslo", people=7).model_dump_json(),)))

    answer = client.chat.completions.parse(**ASKED, response_format=City)

    assert answer.choices[0].message.parsed == City(name="Oslo", people=7)


def test_a_refusal_is_one(client: Any, answered: OneReply) -> None:
    """Beside the content, whole and streamed."""
    answered.reply = reply(RefusalLine(("I ", "won't.")))

    answer = client.chat.completions.create(**ASKED)
    chunks = list(client.chat.completions.create(**ASKED, stream=True))

    assert (answer.choices[0].message.content, answer.choices[0].message.refusal) == (
        None,
        "I won't.",
    )
    assert "".join(chunk.choices[0].delta.refusal or "" for chunk in chunks) == "I won't."


def test_completions_are_read(client: Any, answered: OneReply) -> None:
    """The legacy API too, whole and streamed."""
    answered.reply = reply(TextLine(("Hel", "lo")))

    answer = client.completions.create(model="davinci", prompt="x")
    chunks = list(client.completions.create(model="davinci", prompt="x", stream=True))

    assert (answer.choices[0].text, answer.usage.total_tokens) == ("Hello", 18)
    assert "".join(chunk.choices[0].text for chunk in chunks) == "Hello"


@pytest.mark.parametrize("encoding", [None, "float", "base64"])
def test_embeddings_are_vectors_of_the_texts(
    client: Any, answered: OneReply, encoding: str | None
) -> None:
    """However they are encoded, in as many dimensions as asked for."""
    told = {} if encoding is None else {"encoding_format": encoding}

    answer = client.embeddings.create(
        model="text-embedding-3-small", input=["one cat", "two dogs"], dimensions=64, **told
    )

    assert [one.index for one in answer.data] == [0, 1]
    assert answer.usage.prompt_tokens == 11
    if encoding != "base64":
        assert answer.data[0].embedding == pytest.approx(text_vector("one cat", 64), abs=1e-7)


@pytest.mark.parametrize(
    ("kind", "raised", "code"),
    [
        (ErrorKind.RATE_LIMIT, "RateLimitError", "rate_limit_exceeded"),
        (ErrorKind.OVERLOADED, "InternalServerError", "server_is_overloaded"),
        (ErrorKind.AUTHENTICATION, "AuthenticationError", "invalid_api_key"),
        (ErrorKind.PERMISSION, "PermissionDeniedError", "insufficient_permissions"),
        (ErrorKind.NOT_FOUND, "NotFoundError", "model_not_found"),
        (ErrorKind.INVALID_REQUEST, "BadRequestError", None),
        (ErrorKind.CONTEXT_OVERFLOW, "BadRequestError", "context_length_exceeded"),
        (ErrorKind.CONTENT_FILTER, "BadRequestError", "invalid_prompt"),
        (ErrorKind.SERVER_ERROR, "InternalServerError", None),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_each_error_is_the_sdks_own(
    client: Any, answered: OneReply, kind: ErrorKind, raised: str, code: str | None, *, stream: bool
) -> None:
    """Its class, its code, its request id."""
    answered.reply = Failure(kind=kind, id="t1", retry_after=2)

    with pytest.raises(getattr(openai, raised)) as caught:
        client.chat.completions.create(**ASKED, stream=stream)

    assert (caught.value.code, caught.value.request_id) == (code, "req_t1")
    assert caught.value.response.headers["retry-after"] == "2"


@pytest.mark.parametrize("path", ["chat", "completions", "responses"])
def test_an_error_within_a_stream_is_raised(client: Any, answered: OneReply, path: str) -> None:
    """After what was said before."""
    failure = Failure(kind=ErrorKind.SERVER_ERROR, message="the tape ran out")
    answered.reply = reply(TextLine(("Hel",)), broken_by=failure)
    call: Any = {
        "chat": lambda: client.chat.completions.create(**ASKED, stream=True),
        "completions": lambda: client.completions.create(model="m", prompt="x", stream=True),
        "responses": lambda: client.responses.create(model="m", input="x", stream=True),
    }[path]
    seen: list[Any] = []

    with pytest.raises(openai.APIError, match="the tape ran out"):
        seen.extend(call())

    assert "Hel" in str(seen) or seen == []


def test_retry_after_is_waited_for(answered: OneReply, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK reads it before it tries again."""
    waited: list[float] = []
    monkeypatch.setattr("openai._base_client.time.sleep", waited.append)
    answered.reply = Failure(kind=ErrorKind.RATE_LIMIT, retry_after=0.25)

    with (
        openai.OpenAI(api_key="x", max_retries=1, http_client=answered.client(OPENAI)) as client,
        pytest.raises(openai.RateLimitError),
    ):
        client.chat.completions.create(**ASKED)

    assert waited == [0.25]


@pytest.mark.parametrize("usage", [{}, {"stream_options": {"include_usage": True}}])
def test_as_many_choices_come_as_are_asked_for(
    client: Any, answered: OneReply, usage: dict[str, Any]
) -> None:
    """Whole and streamed in turn: each says the same, its calls have ids of their own."""
    answered.reply = story()

    whole = client.chat.completions.create(**ASKED, n=3).choices
    chunks = list(client.chat.completions.create(**ASKED, n=3, stream=True, **usage))

    ids = [call.id for choice in whole for call in choice.message.tool_calls]
    assert [choice.index for choice in whole] == [0, 1, 2]
    assert {choice.message.content for choice in whole} == {"Hello\nworld"}
    assert ids[::2] == ["call_t10", "call_t12", "call_t14"]
    deltas = [choice for chunk in chunks for choice in chunk.choices]
    assert [one.index for one in deltas] == [0, 1, 2] * (len(deltas) // 3)
    for choice in whole:
        said = [one.delta.content or "" for one in deltas if one.index == choice.index]
        called = [
            call.id or ""
            for one in deltas
            if one.index == choice.index
            for call in one.delta.tool_calls or ()
        ]
        assert "".join(said) == choice.message.content
        assert [call.id for call in choice.message.tool_calls] == list(filter(None, called))
    assert [one.finish_reason for one in deltas[-3:]] == ["tool_calls"] * 3
    assert [chunk.usage is not None for chunk in chunks].count(True) == 1
    assert chunks[-1].usage.completion_tokens == 7


def test_likelihoods_are_told_where_they_are_asked_for(client: Any, answered: OneReply) -> None:
    """As many of the best as asked for; the same whole and streamed."""
    answered.reply = reply(TextLine(("Hel", "lo, ")), TextLine(("world",)))
    asked = {**ASKED, "logprobs": True, "top_logprobs": 2}

    whole = client.chat.completions.create(**asked).choices[0].logprobs.content
    chunks = list(client.chat.completions.create(**asked, stream=True))

    assert "".join(one.token for one in whole) == "Hello, world"
    assert all(one.logprob < 0 for one in whole)
    assert {len(one.top_logprobs) for one in whole} == {2}
    streamed = [chunk.choices[0].logprobs for chunk in chunks]
    assert [one for told in streamed if told for one in told.content] == whole
    answered.reply = reply(RefusalLine(("I will not",)))
    refused = client.chat.completions.create(**asked).choices[0].logprobs
    assert (refused.content, len(refused.refusal)) == (None, 3)


def test_completions_are_told_apart_by_prompt_and_choice(client: Any, answered: OneReply) -> None:
    """`n` for each prompt, whole and streamed, with likelihoods."""
    answered.reply = reply(TextLine(("Hel", "lo world")))
    asked: dict[str, Any] = {"model": "m", "prompt": ["a", "b"], "n": 2, "logprobs": 1}

    whole = client.completions.create(**asked).choices
    pieces = [
        choice
        for chunk in client.completions.create(**asked, stream=True)
        for choice in chunk.choices
    ]

    assert [choice.index for choice in whole] == [0, 1, 2, 3]
    assert whole[3].logprobs.tokens == ["Hel", "lo", " world"]
    assert whole[3].logprobs.text_offset == [0, 3, 5]
    assert [len(best) for best in whole[3].logprobs.top_logprobs] == [1, 1, 1]
    last = [piece for piece in pieces if piece.index == 3]
    assert "".join(piece.text for piece in last) == "Hello world"
    told = [one for piece in last if piece.logprobs for one in piece.logprobs.token_logprobs]
    assert told == whole[3].logprobs.token_logprobs
