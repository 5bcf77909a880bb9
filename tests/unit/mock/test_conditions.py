"""What `on(…)` takes, and what it looks at."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.unit.mock.stage import ANTHROPIC, called, incoming, result, user

from understudy.errors import SettingsError, UnknownNameError
from understudy.mock._conditions import wanted_condition

SYSTEM = {"role": "system", "content": "Be brief."}
LATER = (user("Oslo?"), {"role": "assistant", "content": "Rain."}, user("Rome?"))


@pytest.mark.parametrize(
    ("wanted", "messages", "holds"),
    [
        ({}, ["anything"], True),
        ({"model": "gpt-5"}, ["x"], True),
        ({"model": "gpt-*"}, ["x"], True),
        ({"model": "claude*"}, ["x"], False),
        ({"provider": "openai"}, ["x"], True),
        ({"provider": "anthropic"}, ["x"], False),
        ({"contains": "Oslo"}, ["To Oslo!"], True),
        ({"contains": "oslo"}, ["To Oslo!"], False),
        ({"contains": "Oslo"}, LATER, False),
        ({"contains": "Rome"}, LATER, True),
        ({"contains": "Oslo"}, ["Oslo?", called(), result()], True),
        ({"matches": "^Os"}, ["Oslo"], True),
        ({"matches": re.compile("OS", re.IGNORECASE)}, ["Oslo"], True),
        ({"matches": "^lo"}, ["Oslo"], False),
        ({"system_contains": "brief"}, [SYSTEM, "x"], True),
        ({"system_contains": "brief"}, ["brief"], False),
        ({"turn": 1}, ["x"], True),
        ({"turn": 2}, LATER, True),
        ({"turn": 1}, LATER, False),
        ({"tool_result": True}, ["Oslo?", called(), result()], True),
        ({"tool_result": True}, ["Oslo?"], False),
        ({"tool_result": False}, ["Oslo?"], True),
        ({"tool_result": False}, ["Oslo?", called(), result()], False),
        ({"tool_result": "get_weather"}, ["Oslo?", called(), result()], True),
        ({"tool_result": "get_time"}, ["Oslo?", called(), result()], False),
        ({"tool_result": "get_weather"}, ["O?", called(), result(), *LATER[1:]], False),
        ({"result_contains": "rain"}, ["Oslo?", called(), result("much rain")], True),
        ({"result_contains": "sun"}, ["Oslo?", called(), result("much rain")], False),
        ({"result_matches": "^much"}, ["Oslo?", called(), result("much rain")], True),
        ({"result_matches": "^rain"}, ["Oslo?", called(), result("much rain")], False),
        ({"contains": "Oslo", "turn": 2}, ["Oslo?"], False),
    ],
)
def test_a_condition_looks_at_the_current_turn(
    wanted: Any, messages: list[Any], holds: object
) -> None:
    """What stands further back has been answered."""
    condition = wanted_condition(wanted)

    call = incoming(*messages)

    assert condition.holds(call) is holds
    assert (condition.differences(call) == ()) is holds


@pytest.mark.parametrize(
    ("wanted", "messages", "difference"),
    [
        ({"contains": "oslo"}, ["Oslo"], "contains 'oslo', but it is 'Oslo' (other capitals)"),
        ({"matches": "x+"}, ["Oslo"], "the user's text matches 'x+', but it is 'Oslo'"),
        ({"model": "o3"}, ["x"], "the model is 'o3', but it is 'gpt-5'"),
        ({"provider": "xai"}, ["x"], "the provider is 'xai', but it is 'openai'"),
        ({"system_contains": "b"}, ["x"], "the system text contains 'b', but it is ''"),
        ({"turn": 3}, ["x"], "it is turn 3, but it is turn 1"),
        ({"tool_result": "t"}, ["x"], "the tool 't' gave a result, but no tool gave one"),
        (
            {"result_contains": "sun", "result_matches": "s.n"},
            ["x", called(), result()],
            "a tool gave a result that contains 'sun' that matches 's.n',"
            " but 'get_weather' gave 'rain'",
        ),
        (
            {"tool_result": False},
            ["x", called(), result()],
            "no tool gave a result, but 'get_weather' gave 'rain'",
        ),
    ],
)
def test_differences_say_what_there_is_instead(
    wanted: Any, messages: list[Any], difference: str
) -> None:
    """In words, with what was wanted."""
    (found,) = wanted_condition(wanted).differences(incoming(*messages))

    assert difference in found


def test_long_texts_are_cut_in_differences() -> None:
    """A prompt of a page does not fill the screen."""
    (found,) = wanted_condition({"contains": "needle"}).differences(incoming("hay " * 500))

    assert len(found) < 250
    assert " … " in found


def test_an_unknown_condition_names_the_nearest() -> None:
    """A slip is found where it is written."""
    with pytest.raises(UnknownNameError, match="Did you mean 'contains'"):
        wanted_condition({"contain": "x"})  # type: ignore[typeddict-unknown-key]


@pytest.mark.parametrize(
    "wanted",
    [
        {"contains": ""},
        {"contains": 3},
        {"turn": "1"},
        {"turn": True},
        {"turn": 0},
        {"matches": "("},
        {"tool_result": 2},
        {"result_contains": ""},
        {"tool_result": False, "result_contains": "x"},
    ],
)
def test_a_wrong_value_is_refused(wanted: Any) -> None:
    """Where it is written."""
    with pytest.raises(SettingsError, match=r"on\("):
        wanted_condition(wanted)


def test_anthropics_results_are_named_by_the_call() -> None:
    """Its requests do not say which tool a result is of."""
    use = {"type": "tool_use", "id": "t1", "name": "get_weather", "input": {}}
    answer = {"type": "tool_result", "tool_use_id": "t1", "content": "rain"}
    call = incoming(
        "Oslo?",
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [answer]},
        url=ANTHROPIC,
    )

    assert wanted_condition({"tool_result": "get_weather"}).holds(call)
