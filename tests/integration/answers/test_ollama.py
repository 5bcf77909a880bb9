"""Answers through the ollama SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support.sdks import MESSAGES, PROMPT, OneReply, reply, story

from understudy.wire.writing import ErrorKind, Failure, TextLine, ThinkingLine, text_vector

if TYPE_CHECKING:
    from collections.abc import Iterator

ollama = pytest.importorskip("ollama")

ASKED: dict[str, Any] = {"model": "llama3", "messages": MESSAGES}


@pytest.fixture
def client(answered: OneReply) -> Iterator[Any]:
    """A client on our transport."""
    with ollama.Client(host="http://localhost:11434", transport=answered.transport("httpx")) as one:
        yield one


def test_an_answer_is_whole(client: Any, answered: OneReply) -> None:
    """Thoughts, text, calls, reason and counts."""
    answered.reply = story()

    answer = client.chat(**ASKED)

    called = [(one.function.name, one.function.arguments) for one in answer.message.tool_calls]
    assert (answer.message.thinking, answer.message.content) == ("Let me think.", "Hello\nworld")
    assert called == [("get_weather", {"city": "Oslo"}), ("get_time", {})]
    assert (answer.done_reason, answer.prompt_eval_count, answer.eval_count) == ("stop", 11, 7)


def test_a_stream_comes_in_lines(client: Any, answered: OneReply) -> None:
    """The last one tells the counts."""
    answered.reply = story()

    lines = list(client.chat(**ASKED, stream=True))

    assert "".join(line.message.content or "" for line in lines) == "Hello\nworld"
    assert "".join(line.message.thinking or "" for line in lines) == "Let me think."
    called = [one.function.name for line in lines for one in line.message.tool_calls or ()]
    assert called == ["get_weather", "get_time"]
    assert [line.done for line in lines] == [False] * (len(lines) - 1) + [True]
    assert lines[-1].eval_count == 7


@pytest.mark.parametrize("stream", [False, True])
def test_a_prompt_is_answered(client: Any, answered: OneReply, *, stream: bool) -> None:
    """Whole and streamed."""
    answered.reply = reply(ThinkingLine(("Hm",)), TextLine(("Hel", "lo")))

    told = client.generate(model="llama3", prompt=PROMPT, stream=stream)

    lines = list(told) if stream else [told]
    assert "".join(line.response for line in lines) == "Hello"
    assert "".join(line.thinking or "" for line in lines) == "Hm"


def test_embeddings_are_vectors_of_the_texts(client: Any, answered: OneReply) -> None:
    """As long as the model's are."""
    answer = client.embed(model="nomic-embed-text", input=["one cat", "two dogs"])

    assert answer.embeddings == [text_vector("one cat", 768), text_vector("two dogs", 768)]
    assert answer.prompt_eval_count == 11


@pytest.mark.parametrize("kind", ErrorKind)
@pytest.mark.parametrize("stream", [False, True])
def test_each_error_is_the_sdks_own(
    client: Any, answered: OneReply, kind: ErrorKind, *, stream: bool
) -> None:
    """Its class, its message, its status."""
    answered.reply = Failure(kind=kind, message="no", status=455)

    with pytest.raises(ollama.ResponseError, match="no") as caught:
        list(client.chat(**ASKED, stream=stream))

    assert caught.value.status_code == 455


def test_an_error_within_a_stream_is_raised(client: Any, answered: OneReply) -> None:
    """After what was said before."""
    failure = Failure(kind=ErrorKind.SERVER_ERROR, message="the tape ran out")
    answered.reply = reply(TextLine(("Hel",)), broken_by=failure)
    seen: list[str] = []

    with pytest.raises(ollama.ResponseError, match="the tape ran out"):
        seen.extend(line.message.content for line in client.chat(**ASKED, stream=True))

    assert seen == ["Hel"]


def test_likelihoods_are_told_where_they_are_asked_for(client: Any, answered: OneReply) -> None:
    """Of chats and prompts, whole and streamed."""
    answered.reply = reply(ThinkingLine(("Hm",)), TextLine(("Hel", "lo")))
    told: dict[str, Any] = {"model": "llama3", "logprobs": True, "top_logprobs": 2}
    ways: list[Any] = [(client.chat, {"messages": MESSAGES}), (client.generate, {"prompt": PROMPT})]

    for way, asked in ways:
        whole = way(**told, **asked).logprobs
        lines = list(way(**told, **asked, stream=True))

        assert [one.token for one in whole] == ["Hel", "lo"]
        assert {len(one.top_logprobs) for one in whole} == {2}
        assert [one for line in lines for one in line.logprobs or ()] == whole
