"""Answers through the google-genai SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel
from tests.support.sdks import PROMPT, OneReply, reply, story

from understudy.wire.writing import ErrorKind, Failure, TextLine, ToolLine, text_vector

if TYPE_CHECKING:
    from collections.abc import Iterator

genai = pytest.importorskip("google.genai")

MODEL = "gemini-2.5-flash"


class City(BaseModel):
    """A structured answer."""

    name: str


@pytest.fixture
def client(answered: OneReply) -> Iterator[Any]:
    """A client that does not retry."""
    options = genai.types.HttpOptions(
        httpx_client=answered.client("httpx2"), httpx_async_client=answered.async_client("httpx2")
    )
    with genai.Client(api_key="x", http_options=options) as one:
        yield one


def test_an_answer_is_whole(client: Any, answered: OneReply) -> None:
    """Thoughts, text, calls, reason, usage, model and id."""
    answered.reply = story()

    answer = client.models.generate_content(model=MODEL, contents=PROMPT)

    candidate, usage = answer.candidates[0], answer.usage_metadata
    assert (candidate.content.parts[0].text, candidate.content.parts[0].thought) == (
        "Let me think.",
        True,
    )
    assert candidate.content.parts[1].text == "Hello\nworld"
    calls = [(one.id, one.name, one.args) for one in answer.function_calls]
    assert calls == [(None, "get_weather", {"city": "Oslo"}), ("call_mine", "get_time", {})]
    assert (candidate.finish_reason, answer.model_version, answer.response_id) == (
        "STOP",
        MODEL,
        "t1",
    )
    assert (usage.prompt_token_count, usage.candidates_token_count, usage.thoughts_token_count) == (
        11,
        5,
        2,
    )
    assert (usage.cached_content_token_count, usage.total_token_count) == (4, 18)


def test_a_stream_tells_reason_and_usage_last(client: Any, answered: OneReply) -> None:
    """With the last piece of content."""
    answered.reply = reply(TextLine(("Hel", "lo")), finish_reason="length")

    chunks = list(client.models.generate_content_stream(model=MODEL, contents=PROMPT))

    assert [chunk.text for chunk in chunks] == ["Hel", "lo"]
    assert [chunk.candidates[0].finish_reason for chunk in chunks] == [None, "MAX_TOKENS"]
    assert chunks[-1].usage_metadata.total_token_count == 18


async def test_the_asynchronous_client_reads_the_same(client: Any, answered: OneReply) -> None:
    """Whole and streamed."""
    answer = await client.aio.models.generate_content(model=MODEL, contents=PROMPT)
    stream = await client.aio.models.generate_content_stream(model=MODEL, contents=PROMPT)

    assert answer.text == "Hello"
    assert [chunk.text async for chunk in stream] == ["Hello"]


def test_a_chat_keeps_its_history(client: Any, answered: OneReply) -> None:
    """The SDK takes our answers for valid turns, whole and streamed."""
    chat = client.chats.create(model=MODEL)

    chat.send_message("one")
    list(chat.send_message_stream("two"))

    assert [one.role for one in chat.get_history(curated=True)] == ["user", "model"] * 2


def test_functions_are_called_by_the_sdk(client: Any, answered: OneReply) -> None:
    """Until the limit that is set, because we call again and again."""
    called: list[str] = []

    def get_weather(city: str) -> str:
        """Tell the weather."""
        called.append(city)
        return "rain"

    answered.reply = reply(ToolLine("get_weather", ('{"city": "Oslo"}',)))
    calling = genai.types.AutomaticFunctionCallingConfig(maximum_remote_calls=2)
    config = genai.types.GenerateContentConfig(
        tools=[get_weather], automatic_function_calling=calling
    )

    client.models.generate_content(model=MODEL, contents=PROMPT, config=config)

    assert set(called) == {"Oslo"}


def test_structured_output_is_parsed(client: Any, answered: OneReply) -> None:
    """JSON is plain text on the wire."""
    answered.reply = reply(TextLine(('{"name": "Oslo"}',)))
    config = {"response_mime_type": "application/json", "response_schema": City}

    answer = client.models.generate_content(model=MODEL, contents=PROMPT, config=config)

    assert answer.parsed == City(name="Oslo")


def test_embeddings_are_vectors_of_the_texts(client: Any, answered: OneReply) -> None:
    """One for each, in as many dimensions as asked for."""
    config = {"output_dimensionality": 32}

    answer = client.models.embed_content(
        model="gemini-embedding-001", contents=["one cat", "two dogs"], config=config
    )

    assert [one.values for one in answer.embeddings] == [
        text_vector("one cat", 32),
        text_vector("two dogs", 32),
    ]


@pytest.mark.parametrize(
    ("kind", "raised", "status"),
    [
        (ErrorKind.RATE_LIMIT, "ClientError", "RESOURCE_EXHAUSTED"),
        (ErrorKind.OVERLOADED, "ServerError", "UNAVAILABLE"),
        (ErrorKind.AUTHENTICATION, "ClientError", "INVALID_ARGUMENT"),
        (ErrorKind.PERMISSION, "ClientError", "PERMISSION_DENIED"),
        (ErrorKind.NOT_FOUND, "ClientError", "NOT_FOUND"),
        (ErrorKind.INVALID_REQUEST, "ClientError", "INVALID_ARGUMENT"),
        (ErrorKind.CONTEXT_OVERFLOW, "ClientError", "INVALID_ARGUMENT"),
        (ErrorKind.SERVER_ERROR, "ServerError", "INTERNAL"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_each_error_is_the_sdks_own(
    client: Any, answered: OneReply, kind: ErrorKind, raised: str, status: str, *, stream: bool
) -> None:
    """Its class and its status."""
    answered.reply = Failure(kind=kind, retry_after=30)
    models = client.models
    call = models.generate_content_stream if stream else models.generate_content

    with pytest.raises(getattr(genai.errors, raised)) as caught:
        list(call(model=MODEL, contents=PROMPT))

    assert caught.value.status == status
    assert '"retryDelay": "30s"' in str(caught.value.details).replace("'", '"')


def test_a_blocked_prompt_is_an_answer_without_candidates(client: Any, answered: OneReply) -> None:
    """As Google does it."""
    answered.reply = Failure(kind=ErrorKind.CONTENT_FILTER, message="no")

    answer = client.models.generate_content(model=MODEL, contents=PROMPT)
    (chunk,) = client.models.generate_content_stream(model=MODEL, contents=PROMPT)

    assert (answer.candidates, answer.prompt_feedback.block_reason) == (None, "PROHIBITED_CONTENT")
    assert chunk.prompt_feedback.block_reason_message == "no"


def test_an_error_within_a_stream_is_raised(client: Any, answered: OneReply) -> None:
    """After what was said before."""
    failure = Failure(kind=ErrorKind.OVERLOADED, message="the tape ran out")
    answered.reply = reply(TextLine(("Hel",)), broken_by=failure)
    seen: list[str] = []

    with pytest.raises(genai.errors.ServerError, match="the tape ran out"):
        seen.extend(
            one.text for one in client.models.generate_content_stream(model=MODEL, contents=PROMPT)
        )

    assert seen == ["Hel"]


def test_an_interaction_is_whole(client: Any, answered: OneReply) -> None:
    """Its steps in order."""
    answered.reply = story()

    answer = client.interactions.create(model=MODEL, input=PROMPT)

    kinds = [step.type for step in answer.steps]
    assert kinds == ["thought", "model_output", "function_call", "function_call"]
    assert answer.steps[0].summary[0].text == "Let me think."
    assert answer.steps[1].content[0].text == "Hello\nworld"
    assert (answer.steps[2].name, answer.steps[2].arguments) == ("get_weather", {"city": "Oslo"})
    assert (answer.status, answer.usage.total_tokens) == ("requires_action", 18)


def test_an_interaction_streams_its_steps(client: Any, answered: OneReply) -> None:
    """Each step begins and stops."""
    answered.reply = reply(TextLine(("Hel", "lo")))

    events = list(client.interactions.create(model=MODEL, input=PROMPT, stream=True))

    assert [event.event_type for event in events] == [
        "interaction.created",
        "interaction.status_update",
        "step.start",
        "step.delta",
        "step.delta",
        "step.stop",
        "interaction.completed",
    ]
    assert [event.delta.text for event in events[3:5]] == ["Hel", "lo"]


def test_candidates_and_likelihoods_come_as_asked(client: Any, answered: OneReply) -> None:
    """Whole and streamed; a thought and a tool call have no likelihoods."""
    answered.reply = story()
    config = {"candidate_count": 2, "response_logprobs": True, "logprobs": 2}

    whole = client.models.generate_content(model=MODEL, contents=PROMPT, config=config)
    chunks = list(
        client.models.generate_content_stream(model=MODEL, contents=PROMPT, config=config)
    )

    told = whole.candidates[1].logprobs_result
    assert [one.index for one in whole.candidates] == [0, 1]
    assert "".join(one.token for one in told.chosen_candidates) == "Hello\nworld"
    assert {len(one.candidates) for one in told.top_candidates} == {2}
    assert whole.candidates[0].avg_logprobs == pytest.approx(
        told.log_probability_sum / len(told.chosen_candidates)
    )
    streamed = [chunk.candidates[1].logprobs_result for chunk in chunks]
    assert [one for each in streamed if each for one in each.chosen_candidates] == (
        told.chosen_candidates
    )
