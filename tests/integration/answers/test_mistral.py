"""Answers through the mistralai SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.sdks import MESSAGES, OneReply, reply, story

from understudy.wire.writing import ErrorKind, Failure, TextLine, text_vector

if TYPE_CHECKING:
    from collections.abc import Iterator

mistralai = pytest.importorskip("mistralai.client")

ASKED: dict[str, Any] = {"model": "mistral-small-latest", "messages": MESSAGES}


@pytest.fixture
def client(answered: OneReply) -> Iterator[Any]:
    """A client on our transport."""
    with mistralai.Mistral(api_key="x", client=answered.client("httpx2")) as one:
        yield one


def test_an_answer_is_whole(client: Any, answered: OneReply) -> None:
    """Thoughts are a part of the content."""
    answered.reply = story()

    answer = client.chat.complete(**ASKED)

    message = answer.choices[0].message
    thinking, text = message.content
    assert (thinking.thinking[0].text, text.text) == ("Let me think.", "Hello\nworld")
    assert [one.function.name for one in message.tool_calls] == ["get_weather", "get_time"]
    assert (answer.choices[0].finish_reason, answer.usage.total_tokens) == ("tool_calls", 18)


def test_a_stream_tells_usage_with_the_reason(client: Any, answered: OneReply) -> None:
    """In its last chunk."""
    answered.reply = reply(TextLine(("Hel", "lo")))

    chunks = [one.data for one in client.chat.stream(**ASKED)]

    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Hello"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].usage.total_tokens == 18


def test_thoughts_and_calls_are_streamed(client: Any, answered: OneReply) -> None:
    """Thoughts in the pieces of the reply, each call whole."""
    answered.reply = story()

    deltas = [one.data.choices[0].delta for one in client.chat.stream(**ASKED)]

    thoughts = [d.content[0].thinking[0].text for d in deltas if isinstance(d.content, list)]
    given = [d.tool_calls[0].function.arguments for d in deltas if d.tool_calls]
    assert thoughts == ["Let me ", "think."]
    assert given == ['{"city": "Oslo"}', "{}"]


def test_embeddings_are_vectors_of_the_texts(client: Any, answered: OneReply) -> None:
    """As long as the model's are."""
    answer = client.embeddings.create(model="mistral-embed", inputs=["one cat"])

    assert answer.data[0].embedding == text_vector("one cat", 1024)


@pytest.mark.parametrize("kind", ErrorKind)
@pytest.mark.parametrize("method", ["complete", "stream"])
def test_each_error_is_the_sdks_own(
    client: Any, answered: OneReply, kind: ErrorKind, method: str
) -> None:
    """Its class and its body."""
    answered.reply = Failure(kind=kind, message="no")

    with pytest.raises(mistralai.errors.SDKError) as caught:
        getattr(client.chat, method)(**ASKED)

    body = json.loads(caught.value.body)
    assert (body["object"], body["message"]) == ("error", "no")
    assert caught.value.status_code == body["raw_status_code"]
