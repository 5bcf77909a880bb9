"""What a reply may be made of, and how it is played."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.unit.mock.stage import ANTHROPIC, OPENAI, WEATHER, Stage, request

from understudy.calls import ToolCall, Usage
from understudy.errors import SettingsError
from understudy.mock import IncomingCall, MockError, MockReply
from understudy.mock._reply_content import content_of
from understudy.wire.writing import ErrorKind, Failure


class City(BaseModel):
    """A structured answer."""

    name: str
    people: int


@dataclass
class Town:
    """Another one."""

    name: str


OSLO = '{"name":"Oslo","people":700000}'


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("Hello", "Hello"),
        ("", None),
        (MockReply("Hello"), "Hello"),
        (City(name="Oslo", people=700000), OSLO),
        ({"name": "Oslo", "people": 700000}, OSLO),
        (Town("Moss"), '{"name":"Moss"}'),
        ([1, "ø"], '[1,"ø"]'),
        (lambda call: call.user_text.upper(), "HELLO"),
        (lambda call: {"n": call.number}, '{"n":1}'),
        (lambda call: MockReply(json=City(name="Oslo", people=700000)), OSLO),
    ],
)
def test_an_answer_may_be_text_or_data_or_a_function(
    stage: Stage, answer: Any, text: str | None
) -> None:
    """Whatever is easiest to write."""
    stage.mock.reply(answer)

    assert (stage.read("hello").text or None) == text


def test_json_is_the_text(stage: Stage) -> None:
    """Given by name too."""
    stage.mock.reply(json=City(name="Oslo", people=700000))

    assert stage.read().text == OSLO


def test_json_goes_into_a_tool_that_must_be_called(stage: Stage) -> None:
    """That is how structured answers are asked for where there is no schema of the answer."""
    choice = {"type": "function", "function": {"name": "get_weather"}}
    stage.mock.reply(json={"city": "Oslo"}, thinking="Hm.\n")

    answer = stage.read(tools=[WEATHER], tool_choice=choice)

    assert [(call.name, call.arguments) for call in answer.tool_calls] == [
        ("get_weather", '{"city":"Oslo"}')
    ]
    assert answer.finish_reason == "tool_calls"


def test_a_function_is_told_the_call(stage: Stage) -> None:
    """Its prompt, model, provider and turn."""
    seen: list[IncomingCall] = []

    def answer(call: IncomingCall) -> str:
        seen.append(call)
        return "ok"

    stage.mock.reply(answer)
    stage.ask("hello")

    (call,) = seen
    assert (call.model, call.provider, call.turn, call.stream) == ("gpt-5", "openai", 1, False)
    assert call.prompt.user_text == call.messages[-1].text == "hello"


def test_a_function_may_refuse(stage: Stage) -> None:
    """With an error of the provider."""
    stage.mock.reply(lambda _: Failure(kind=ErrorKind.AUTHENTICATION))

    assert stage.read().status == 401


def test_a_function_that_raises_ends_the_test(stage: Stage) -> None:
    """An assertion in it is not taken for a failed connection."""

    def strict(call: IncomingCall) -> str:
        assert call.model == "o3", "wrong model"
        return "ok"

    stage.mock.reply(strict)

    with pytest.raises(MockError, match=r"strict.*AssertionError: wrong model"):
        stage.ask()


async def _later(call: IncomingCall) -> str:
    return "ok"


async def _later_too() -> str:
    return "ok"


def test_an_async_function_is_refused(stage: Stage) -> None:
    """Where it is written."""
    with pytest.raises(SettingsError, match="_later is async"):
        stage.mock.reply(_later)


@pytest.mark.parametrize("answer", [lambda _: _later_too(), lambda _: object()])
def test_a_function_that_returns_no_answer_ends_the_test(stage: Stage, answer: Any) -> None:
    """It says what was returned."""
    stage.mock.reply(answer)

    with pytest.raises(MockError, match=r"awaitable|cannot be written as JSON"):
        stage.ask()


@pytest.mark.parametrize(
    ("answer", "options", "message"),
    [
        ("a", {"json": {}}, "given twice"),
        (None, {"text": "a"}, "unknown option 'text'"),
        (City, {}, "give an instance"),
        (lambda call: "x", {"model": "m"}, "let the function return MockReply"),
        ("a", {"chunk": "word"}, "chunk is 'word'"),
        ("a", {"chunk": 5}, "chunk is 5; write"),
        ("", {"chunk": [1]}, r"chunk is \[1\]; write"),
        ("abc", {"chunk": ["a", "b"]}, "do not make the text"),
        (None, {"json": object()}, "cannot be written as JSON"),
        ("a", {"tool_calls": [3]}, "no tool call"),
        ("a", {"tool_calls": [{"arguments": {}}]}, "no tool call"),
        ("a", {"tool_calls": [{"name": "t", "argument": {}}]}, "Did you mean 'arguments'"),
        ("a", {"usage": {"inputtokens": 3}}, "Did you mean 'input_tokens'"),
        ("a", {"usage": {"input_tokens": -1}}, "from 0 on"),
        ("a", {"usage": {"input_tokens": True}}, "from 0 on"),
        ("a", {"finish": "stop"}, "Did you mean 'finish_reason'"),
        ("a", {"usage": 3}, "give counts by name"),
        ("a", {"finish_reason": 3}, "finish_reason is 3; give a text"),
        ("a", {"thinking": 3}, "thinking is 3; give a text"),
        ("a", {"tool_calls": "get"}, "tool_calls is 'get'; give a list"),
        ("a", {"headers": [1]}, "give a mapping of names to texts"),
        ("a", {"profile": "slwo"}, "Did you mean 'slow'"),
        (MockReply("a", profile="slwo"), {}, "Did you mean 'slow'"),
    ],
)
def test_a_wrong_reply_is_refused(
    stage: Stage, answer: Any, options: dict[str, Any], message: str
) -> None:
    """Where it is written, and not when it is asked for."""
    with pytest.raises(SettingsError, match=message):
        stage.mock.reply(answer, **options)


@pytest.mark.parametrize("other", [{"text": "a"}, {"chunk": ["a"]}])
def test_a_reply_of_two_texts_is_refused(other: Any) -> None:
    """A text, or its chunks, and JSON."""
    with pytest.raises(SettingsError, match="both a text and json"):
        MockReply(json={}, **other)


@pytest.mark.parametrize(
    "form",
    [
        ToolCall("get", '{"a":1}'),
        ("get", {"a": 1}),
        ("get", '{"a":1}'),
        {"name": "get", "arguments": {"a": 1}},
    ],
)
def test_a_tool_call_has_several_forms(stage: Stage, form: Any) -> None:
    """All say the same."""
    stage.mock.reply(tool_calls=[form])

    (call,) = stage.read().tool_calls

    assert (call.name, call.arguments) == ("get", '{"a":1}')


@pytest.mark.parametrize("form", ["get", ("get", None), {"name": "get"}])
def test_a_tool_call_needs_no_arguments(stage: Stage, form: Any) -> None:
    """They are an empty object then."""
    stage.mock.reply(tool_calls=[form])

    assert stage.read().tool_calls[0].arguments == "{}"


def test_a_tool_call_may_have_an_id(stage: Stage) -> None:
    """It goes out as it stands."""
    stage.mock.reply(tool_calls=[{"name": "get", "id": "call_mine"}])

    assert stage.read().tool_calls[0].id == "call_mine"


def test_broken_arguments_go_out_as_they_stand(stage: Stage) -> None:
    """Models write broken JSON."""
    stage.mock.reply(tool_calls=[("get", '{"a":')])

    assert stage.read().tool_calls[0].arguments == '{"a":'


def test_a_reply_has_all_that_a_model_may_say(stage: Stage) -> None:
    """Thoughts, text, tool calls, reason, usage, model."""
    stage.mock.reply(
        "Well.",
        thinking="Hm.\nYes.",
        tool_calls=["get"],
        finish_reason="length",
        model="claude-9",
        usage={"input_tokens": 7, "output_tokens": 3, "cache_read_tokens": 2},
        headers={"X-Mine": "1"},
    )

    answered = stage.ask(url=ANTHROPIC, max_tokens=9)
    exchange, _ = stage.play(request(url=ANTHROPIC, max_tokens=9))

    assert (exchange.text, exchange.finish_reason) == ("Well.", "max_tokens")
    assert exchange.response_model == "claude-9"
    assert exchange.usage is not None
    assert replace(exchange.usage, cache_write_tokens=None, cache_write_1h_tokens=None) == Usage(
        input_tokens=7, output_tokens=3, cache_read_tokens=2
    )
    assert ("X-Mine", "1") in answered.playback.headers
    assert answered.event_fields["usage_source"] == "provider"


def test_a_refusal_is_said(stage: Stage) -> None:
    """OpenAI has a field of its own for it."""
    stage.mock.reply(refusal="No.")

    data = b"".join(data for _, data in stage.ask().playback.chunks)

    assert b'"refusal":"No."' in data


def test_a_text_streams_line_by_line() -> None:
    """Newlines are kept, and separators that only Unicode knows are text."""
    content = content_of(MockReply("one\n\ntwo\u2028three\r\nfour"))

    assert [line.chunks for line in content.lines] == [
        ("one\n",),
        ("\n",),
        ("two\u2028three\r\n",),
        ("four",),
    ]


@given(st.text(max_size=60))
def test_tokens_make_up_the_lines(text: str) -> None:
    """Nothing is lost, and the lines are the same."""
    by_line, by_token = (content_of(MockReply(text, chunk=chunk)) for chunk in ("line", "token"))

    assert "".join(line.text for line in by_token.lines) == text
    assert [line.text for line in by_token.lines] == [line.text for line in by_line.lines]


def test_a_list_holds_the_chunks_themselves() -> None:
    """Each is a line of its own; the text need not be said twice."""
    content = content_of(MockReply(chunk=["Hel", "lo"]))

    assert [line.chunks for line in content.lines] == [("Hel",), ("lo",)]


def test_ids_are_made_of_the_seed() -> None:
    """The same test gets the same ids, another call and another test others."""

    def ids(node_id: str) -> list[str | None]:
        stage = Stage(node_id=node_id, run_seed=7)
        stage.mock.reply("x")
        return [stage.read().response_id for _ in range(2)]

    one, again, other = ids("test_a"), ids("test_a"), ids("test_b")

    assert one == again
    assert len({*one, *other}) == 4


def test_every_answer_has_a_usage_block(stage: Stage) -> None:
    """Counted where none is given, and marked."""
    stage.mock.reply("Hello there, world.", thinking="Let me think.\n")

    answered = stage.ask("Say hello.")
    exchange = stage.read("Say hello.")

    assert exchange.usage is not None
    assert exchange.usage.input_tokens == 3 + 4 + 3
    assert exchange.usage.output_tokens == 10
    assert exchange.usage.reasoning_tokens == 5
    assert answered.event_fields["usage_source"] == "estimated"


def test_what_usage_leaves_out_is_counted(stage: Stage) -> None:
    """Cached tokens come on top of what is counted."""
    stage.mock.reply("Hello", usage={"cache_read_tokens": 100})

    usage = stage.read("Say hello.").usage

    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.cache_read_tokens) == (110, 1, 100)


CALLED = {"city": "Oslo, {Norway}", "days": [1, {"a": 2}], "note": 'a "word"'}
CUT = ['{"city":"Os', 'lo, {Norway}","days":[1,{"a":2}],"note":"a \\"word\\""}']


@pytest.mark.parametrize(
    ("chunk", "pieces"),
    [
        (
            "line",
            ('{"city":"Oslo, {Norway}",', '"days":[1,{"a":2}],', '"note":"a \\"word\\""}'),
        ),
        (CUT, tuple(CUT)),
    ],
)
def test_the_arguments_of_a_tool_come_in_pieces(chunk: Any, pieces: tuple[str, ...]) -> None:
    """One after the other; a list that makes them says where they are cut, and is no text."""
    content = content_of(MockReply(tool_calls=[("get", CALLED)], chunk=chunk))

    assert [line.chunks for line in content.lines] == [pieces]


@given(st.text(), st.sampled_from(["line", "token", ["a", "b"]]))
def test_pieces_make_the_arguments(arguments: str, chunk: Any) -> None:
    """Even of what is no JSON."""
    content = content_of(MockReply(tool_calls=[("get", arguments)], chunk=chunk))

    assert "".join(content.lines[-1].chunks) == arguments


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (OPENAI, {"n": 3}),
        (
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-3:generateContent",
            {"generationConfig": {"candidateCount": 3}},
        ),
        ("https://api.openai.com/v1/completions", {"prompt": ["a", "b", "c"]}),
    ],
)
def test_each_choice_is_counted(stage: Stage, url: str, asked: dict[str, Any]) -> None:
    """Where the usage is not given."""
    stage.mock.reply("one two three")
    stage.play(request(url=url))

    stage.play(request(url=url, **asked))

    one, three = (call.usage for call in stage.mock.calls)
    assert one is not None
    assert three is not None
    assert (one.output_tokens, three.output_tokens) == (3, 9)
