"""Scenarios, tools and schemas as answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.mock.stage import WEATHER, Stage, called, result, user

from understudy.errors import UnknownNameError
from understudy.mock import UnmatchedCall

TIME = {"type": "function", "function": {"name": "get_time", "parameters": {}}}
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
    "required": ["city", "people"],
}


def wanted(schema: Any) -> dict[str, Any]:
    """Return a response format of OpenAI's chat."""
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}


def test_a_golden_file_is_said_line_by_line(stage: Stage) -> None:
    """As it stands."""
    stage.mock.script("page_edit")

    text = stage.read().text

    assert text == "".join(stage.mock.engine.materials.scenarios.get("page_edit").lines)


def test_a_scenario_follows_the_conversation(stage: Stage) -> None:
    """Its branches look at what the user said and at the results of tools."""
    stage.mock.script("order_agent")

    asked = stage.read("Where is my parcel?")
    looked_up = stage.read(user("It is A-20417"))
    told = stage.read(user("It is A-20417"), called("get_order"), result('{"state": "lost"}'))

    assert asked.text is not None
    assert "number of your order" in asked.text
    assert looked_up.tool_calls[0].name == "get_order"
    assert looked_up.usage is not None
    assert looked_up.usage.input_tokens == 412
    assert [call.name for call in told.tool_calls] == ["create_delivery", "refund_shipping"]
    assert [call.scenario for call in stage.mock.calls] == ["order_agent"] * 3


def test_a_scenario_has_faults_and_finish_reasons(stage: Stage) -> None:
    """A retry gets the next attempt of the turn."""
    stage.mock.script("busy_provider")

    first, second, third = (stage.read("How?") for _ in range(3))
    last = stage.read("More?")

    assert [first.status, second.status, third.status] == [429, 529, 200]
    assert last.finish_reason == "length"
    assert [call.fault for call in stage.mock.calls] == ["rate_limit", "overloaded", None, None]


def test_a_turn_has_a_profile_of_its_own(stage: Stage) -> None:
    """It goes before that of the test."""
    stage.mock.script("page_session")

    assert stage.ask("Make a page.").event_fields["profile"] == "realistic_l3"
    assert stage.ask("Another headline!").event_fields["profile"] == "realistic_l2"


def test_a_call_that_the_scenario_does_not_foresee_is_unmatched(stage: Stage) -> None:
    """The message says where the scenario stands."""
    stage.mock.script("order_agent")
    stage.ask("A-20417")

    with pytest.raises(UnmatchedCall, match="after turn 'look_up'"):
        stage.ask("And now?")


def test_an_unknown_scenario_is_refused_at_once(stage: Stage) -> None:
    """With those that exist."""
    with pytest.raises(UnknownNameError, match="page_edit"):
        stage.mock.script("page_edi")


def test_a_plain_reply_gives_what_the_schema_wants(stage: Stage) -> None:
    """Else a sentence."""
    stage.mock.reply()

    filled = stage.read(response_format=wanted(SCHEMA)).text

    assert json.loads(filled or "") == {"city": "city", "people": 1}
    assert stage.read().text == "This is a mocked answer."


@pytest.mark.parametrize(
    "body",
    [
        {"response_format": {"type": "json_object"}},
        {"response_format": {"type": "json_schema", "json_schema": {"type": "object"}}},
        {"format": "json"},
    ],
)
def test_a_plain_reply_is_json_where_any_will_do(stage: Stage, body: dict[str, Any]) -> None:
    """An application that parses it does not stumble."""
    stage.mock.reply()

    assert stage.read(**body).text == "{}"


def test_a_plain_reply_calls_a_tool_only_if_it_must(stage: Stage) -> None:
    """With arguments that fit."""
    stage.mock.reply()

    free = stage.read(tools=[WEATHER])
    forced = stage.read(tools=[WEATHER], tool_choice="required")

    assert free.tool_calls == ()
    assert [(one.name, one.arguments) for one in forced.tool_calls] == [
        ("get_weather", '{"city":"city"}')
    ]


def test_auto_tools_ends_after_the_result(stage: Stage) -> None:
    """An agent needs no script: the tool that fits best, then an answer with what it gave."""
    stage.mock.auto_tools()
    tools = [TIME, WEATHER]

    first = stage.read("What is the weather?", tools=tools)
    second = stage.read("What is the weather?", called(), result("rain"), tools=tools)

    assert [call.name for call in first.tool_calls] == ["get_weather"]
    assert second.text == "Done. get_weather: 'rain'"
    assert second.finish_reason == "stop"


def test_auto_tools_starts_over_with_the_next_question(stage: Stage) -> None:
    """Only the current turn counts."""
    stage.mock.auto_tools()

    answer = stage.read(
        "Weather?",
        called(),
        result(),
        {"role": "assistant", "content": "Rain."},
        "And the weather tomorrow?",
        tools=[WEATHER],
    )

    assert [call.name for call in answer.tool_calls] == ["get_weather"]


def test_auto_tools_calls_named_tools_in_order(stage: Stage) -> None:
    """Each once; those that are not offered are passed over."""
    stage.mock.auto_tools("get_time", "get_nothing", "get_weather")
    tools = [WEATHER, TIME]
    said: list[Any] = [user("Well?")]
    names = []

    for number in range(3):
        answer = stage.read(*said, tools=tools)
        names.append([call.name for call in answer.tool_calls])
        if answer.tool_calls:
            call_id = f"c{number}"
            said += [called(answer.tool_calls[0].name, call_id), result("x", call_id)]

    assert names == [["get_time"], ["get_weather"], []]


def test_auto_tools_calls_none_that_are_forbidden(stage: Stage) -> None:
    """`tool_choice="none"`."""
    stage.mock.auto_tools()

    assert stage.read("weather", tools=[WEATHER], tool_choice="none").tool_calls == ()


def test_auto_tools_goes_on_while_a_tool_must_be_called(stage: Stage) -> None:
    """With one that was not called yet: frameworks end with a tool of their own."""
    stage.mock.auto_tools()
    tools = [WEATHER, TIME]

    answer = stage.read("weather?", called(), result(), tools=tools, tool_choice="required")

    assert [call.name for call in answer.tool_calls] == ["get_time"]


def test_auto_tools_fills_a_schema_in_the_end(stage: Stage) -> None:
    """After the results."""
    stage.mock.auto_tools()

    answer = stage.read(
        "weather?", called(), result(), tools=[WEATHER], response_format=wanted(SCHEMA)
    )

    assert json.loads(answer.text or "") == {"city": "city", "people": 1}


def test_cohere_lists_parameters_without_a_schema(stage: Stage) -> None:
    """Its first chat API: they are the properties."""
    stage.mock.auto_tools()
    city = {"type": "str", "required": True}
    tool = {"name": "get_weather", "parameter_definitions": {"city": city}}

    stage.ask(url="https://api.cohere.com/v1/chat", message="weather?", tools=[tool])

    (call,) = stage.mock.calls[0].tool_calls
    assert (call.name, call.arguments) == ("get_weather", '{"city":"city"}')


def test_a_scenario_begins_anew_in_each_conversation(stage: Stage) -> None:
    """How far one is, its messages tell; others may go on between."""
    stage.mock.script("order_agent", anew=True)
    first, second = user("Where is my parcel?"), user("It is A-20417")
    asked = {"role": "assistant", "content": "What is the number of your order?"}

    for _ in range(2):
        assert "number of your order" in (stage.read(first).text or "")
    for _ in range(2):
        assert stage.read(first, asked, second).tool_calls[0].name == "get_order"


def test_a_retry_in_such_a_conversation_gets_the_next_attempt(stage: Stage) -> None:
    """And the next conversation the first one."""
    stage.mock.script("busy_provider", anew=True)

    statuses = [stage.read("How?").status for _ in range(4)]

    assert statuses == [429, 529, 200, 429]
