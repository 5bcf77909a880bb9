"""Answers through the openai SDK: Responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel
from tests.support.clients import OPENAI
from tests.support.sdks import OneReply, reply, story

from understudy.wire.writing import RefusalLine, TextLine, ThinkingLine

if TYPE_CHECKING:
    from collections.abc import Iterator

openai = pytest.importorskip("openai")

TOOL = {
    "type": "function",
    "name": "get_weather",
    "parameters": {"type": "object"},
    "strict": False,
}
ASKED: dict[str, Any] = {
    "model": "gpt-5",
    "input": "x",
    "tools": [TOOL],
    "instructions": "Be kind.",
}


class City(BaseModel):
    """A structured answer."""

    name: str


@pytest.fixture
def client(answered: OneReply) -> Iterator[Any]:
    """A client that does not retry."""
    with openai.OpenAI(api_key="x", max_retries=0, http_client=answered.client(OPENAI)) as one:
        yield one


def test_a_response_is_whole(client: Any, answered: OneReply) -> None:
    """Reasoning, message and calls in order; what was asked is echoed."""
    answered.reply = story()

    answer = client.responses.create(**ASKED)

    kinds = [item.type for item in answer.output]
    assert kinds == ["reasoning", "message", "function_call", "function_call"]
    assert answer.output[0].summary[0].text == "Let me think."
    assert (answer.output_text, answer.status, answer.id) == (
        "Hello\nworld",
        "completed",
        "resp_t1",
    )
    assert (answer.output[2].name, answer.output[2].arguments) == (
        "get_weather",
        '{"city": "Oslo"}',
    )
    assert (answer.usage.input_tokens, answer.usage.output_tokens_details.reasoning_tokens) == (
        11,
        2,
    )
    assert (answer.tools[0].name, answer.instructions, answer.model) == (
        "get_weather",
        "Be kind.",
        "gpt-5",
    )


def test_an_answer_cut_short_says_why(client: Any, answered: OneReply) -> None:
    """In its details."""
    answered.reply = reply(TextLine(("Hel",)), finish_reason="length")

    answer = client.responses.create(**ASKED)

    assert (answer.status, answer.incomplete_details.reason) == ("incomplete", "max_output_tokens")


def test_events_come_in_the_order_of_the_real_thing(client: Any, answered: OneReply) -> None:
    """Numbered without a gap."""
    answered.reply = reply(ThinkingLine(("Hm",)), TextLine(("Hi",)))

    events = list(client.responses.create(**ASKED, stream=True))

    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [event.type.removeprefix("response.") for event in events] == [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]


def test_the_stream_helper_puts_it_together(client: Any, answered: OneReply) -> None:
    """The final response equals the one that does not stream."""
    answered.reply = story()

    with client.responses.stream(**ASKED) as stream:
        text = "".join(one.delta for one in stream if one.type == "response.output_text.delta")
        final = stream.get_final_response()

    whole = client.responses.create(**ASKED)
    assert text == final.output_text == whole.output_text == "Hello\nworld"
    assert [item.id for item in final.output] == [item.id for item in whole.output]
    assert final.output[2].arguments == whole.output[2].arguments == '{"city": "Oslo"}'
    assert final.usage == whole.usage


def test_a_stream_cut_short_ends_incomplete(client: Any, answered: OneReply) -> None:
    """With an event of its own."""
    answered.reply = reply(TextLine(("Hel",)), finish_reason="content_filter")

    *_, last = client.responses.create(**ASKED, stream=True)

    assert last.type == "response.incomplete"
    assert last.response.incomplete_details.reason == "content_filter"


def test_structured_output_is_parsed(client: Any, answered: OneReply) -> None:
    """JSON is plain text on the wire."""
    answered.reply = reply(TextLine(('{"name": "Oslo"}',)))

    answer = client.responses.parse(model="gpt-5", input="x", text_format=City)

    assert answer.output_parsed == City(name="Oslo")


def test_a_refusal_is_a_part_of_the_message(client: Any, answered: OneReply) -> None:
    """Whole and streamed."""
    answered.reply = reply(RefusalLine(("I ", "won't.")))

    answer = client.responses.create(**ASKED)
    events = list(client.responses.create(**ASKED, stream=True))

    assert answer.output[0].content[0].refusal == "I won't."
    deltas = [event.delta for event in events if event.type == "response.refusal.delta"]
    assert deltas == ["I ", "won't."]


async def test_the_asynchronous_client_reads_the_same(answered: OneReply) -> None:
    """Through the stream helper."""
    http = answered.async_client(OPENAI)
    async with (
        openai.AsyncOpenAI(api_key="x", http_client=http) as client,
        client.responses.stream(**ASKED) as stream,
    ):
        final = await stream.get_final_response()

    assert final.output_text == "Hello"


def test_likelihoods_are_told_where_they_are_included(client: Any, answered: OneReply) -> None:
    """In the message, in its deltas and when it is done."""
    answered.reply = reply(TextLine(("Hel", "lo, ")), TextLine(("world",)))
    asked = {**ASKED, "include": ["message.output_text.logprobs"], "top_logprobs": 3}

    whole = client.responses.create(**asked).output[0].content[0].logprobs
    events = list(client.responses.create(**asked, stream=True))

    assert "".join(one.token for one in whole) == "Hello, world"
    assert {len(one.top_logprobs) for one in whole} == {3}
    told = [event.logprobs for event in events if event.type == "response.output_text.delta"]
    assert [one.token for share in told for one in share] == [one.token for one in whole]
    assert events[-1].response.output[0].content[0].logprobs == whole


def test_a_compaction_keeps_what_the_user_said(client: Any, answered: OneReply) -> None:
    """One item stands for all the rest; the usage is told."""
    answered.reply = reply(TextLine(("A summary",)))
    asked: Any = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]

    compacted = client.responses.compact(model="gpt-5", input=asked)

    assert compacted.object == "response.compaction"
    assert [item.type for item in compacted.output] == ["message", "compaction"]
    assert compacted.output[1].encrypted_content
    assert compacted.usage.output_tokens == 7
