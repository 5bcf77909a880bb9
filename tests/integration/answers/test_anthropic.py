"""Answers through the anthropic SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel
from tests.support.clients import ANTHROPIC
from tests.support.sdks import MESSAGES, OneReply, reply, story

from understudy.calls import Usage
from understudy.wire.writing import ErrorKind, Failure, TextLine

if TYPE_CHECKING:
    from collections.abc import Iterator

anthropic = pytest.importorskip("anthropic")

ASKED: dict[str, Any] = {"model": "claude-x", "messages": MESSAGES, "max_tokens": 99}


class City(BaseModel):
    """A structured answer."""

    name: str


@pytest.fixture
def client(answered: OneReply) -> Iterator[Any]:
    """A client that does not retry."""
    with anthropic.Anthropic(
        api_key="x", max_retries=0, http_client=answered.client(ANTHROPIC)
    ) as one:
        yield one


def test_a_message_is_whole(client: Any, answered: OneReply) -> None:
    """Thoughts with a signature, text, calls, reason and request id."""
    answered.reply = story()

    answer = client.messages.create(**ASKED)

    thinking, text, weather, time = answer.content
    assert (thinking.thinking, bool(thinking.signature)) == ("Let me think.", True)
    assert (text.text, weather.name, weather.input) == (
        "Hello\nworld",
        "get_weather",
        {"city": "Oslo"},
    )
    assert (time.id, time.input) == ("call_mine", {})
    assert (answer.stop_reason, answer.model) == ("tool_use", "claude-x")
    assert (answer.id, answer._request_id) == ("msg_t1", "req_t1")


def test_cached_input_is_counted_apart(client: Any, answered: OneReply) -> None:
    """The kept hour is a part of what was written."""
    usage = Usage(100, 7, cache_read_tokens=40, cache_write_tokens=30, cache_write_1h_tokens=10)
    answered.reply = reply(TextLine(("Hi",)), usage=usage)

    told = client.messages.create(**ASKED).usage

    assert (told.input_tokens, told.output_tokens) == (30, 7)
    assert (told.cache_read_input_tokens, told.cache_creation_input_tokens) == (40, 30)
    assert told.cache_creation.ephemeral_1h_input_tokens == 10
    assert told.cache_creation.ephemeral_5m_input_tokens == 20


def test_the_stream_helper_puts_it_together(client: Any, answered: OneReply) -> None:
    """The final message equals the one that does not stream."""
    answered.reply = story()

    with client.messages.stream(**ASKED) as stream:
        texts = list(stream.text_stream)
        final = stream.get_final_message()

    whole = client.messages.create(**ASKED)
    assert texts == ["Hel", "lo\n", "world"]
    assert [one.to_dict() for one in final.content] == [one.to_dict() for one in whole.content]
    assert (final.stop_reason, final.usage.output_tokens) == ("tool_use", 7)


def test_raw_events_come_in_the_order_of_the_real_thing(client: Any, answered: OneReply) -> None:
    """The SDK keeps pings to itself."""
    answered.reply = reply(TextLine(("Hel", "lo")), finish_reason="length")

    events = list(client.messages.create(**ASKED, stream=True))

    assert [event.type for event in events if event.type != "ping"] == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert events[-2].delta.stop_reason == "max_tokens"


async def test_the_asynchronous_client_reads_the_same(answered: OneReply) -> None:
    """Whole and streamed."""
    http = answered.async_client(ANTHROPIC)
    async with anthropic.AsyncAnthropic(api_key="x", http_client=http) as client:
        answer = await client.messages.create(**ASKED)
        async with client.messages.stream(**ASKED) as stream:
            final = await stream.get_final_message()

    assert answer.content[0].text == final.content[0].text == "Hello"


def test_structured_output_is_parsed(client: Any, answered: OneReply) -> None:
    """JSON is plain text on the wire."""
    if not hasattr(client.messages, "parse"):
        pytest.skip("this anthropic does not parse")
    answered.reply = reply(TextLine(('{"name": "Oslo"}',)))

    answer = client.messages.parse(**ASKED, output_format=City)

    assert answer.parsed_output == City(name="Oslo")


@pytest.mark.parametrize(
    ("kind", "raised", "told"),
    [
        (ErrorKind.RATE_LIMIT, "RateLimitError", "rate_limit_error"),
        (ErrorKind.OVERLOADED, "OverloadedError", "overloaded_error"),
        (ErrorKind.AUTHENTICATION, "AuthenticationError", "authentication_error"),
        (ErrorKind.PERMISSION, "PermissionDeniedError", "permission_error"),
        (ErrorKind.NOT_FOUND, "NotFoundError", "not_found_error"),
        (ErrorKind.INVALID_REQUEST, "BadRequestError", "invalid_request_error"),
        (ErrorKind.CONTEXT_OVERFLOW, "BadRequestError", "invalid_request_error"),
        (ErrorKind.CONTENT_FILTER, "BadRequestError", "invalid_request_error"),
        (ErrorKind.SERVER_ERROR, "InternalServerError", "api_error"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_each_error_is_the_sdks_own(
    client: Any, answered: OneReply, kind: ErrorKind, raised: str, told: str, *, stream: bool
) -> None:
    """Its class, its type, its request id."""
    answered.reply = Failure(kind=kind, id="t1", retry_after=2)

    with pytest.raises(getattr(anthropic, raised)) as caught:
        client.messages.create(**ASKED, stream=stream)

    assert caught.value.body["error"]["type"] == told
    assert caught.value.request_id == "req_t1"
    assert caught.value.response.headers["retry-after"] == "2"


def test_an_overloaded_provider_says_529(client: Any, answered: OneReply) -> None:
    """And that it is worth another try."""
    answered.reply = Failure(kind=ErrorKind.OVERLOADED)

    with pytest.raises(anthropic.APIStatusError) as caught:
        client.messages.create(**ASKED)

    assert caught.value.status_code == 529
    assert caught.value.response.headers["x-should-retry"] == "true"


def test_an_error_within_a_stream_is_raised(client: Any, answered: OneReply) -> None:
    """After what was said before."""
    failure = Failure(kind=ErrorKind.OVERLOADED, message="the tape ran out")
    answered.reply = reply(TextLine(("Hel",)), broken_by=failure)
    seen: list[str] = []

    with (
        client.messages.stream(**ASKED) as stream,
        pytest.raises(anthropic.APIStatusError, match="the tape ran out"),
    ):
        seen.extend(stream.text_stream)

    assert seen == ["Hel"]


def test_text_completions_are_read(client: Any, answered: OneReply) -> None:
    """The legacy API too, whole and streamed."""
    if not hasattr(client, "completions"):
        pytest.skip("this anthropic has no text completions")
    asked: dict[str, Any] = {"model": "claude-x", "prompt": "x", "max_tokens_to_sample": 9}
    answered.reply = reply(TextLine(("Hel", "lo")))

    answer = client.completions.create(**asked)
    events = list(client.completions.create(**asked, stream=True))

    assert (answer.completion, answer.stop_reason) == ("Hello", "stop_sequence")
    assert "".join(event.completion for event in events) == "Hello"
