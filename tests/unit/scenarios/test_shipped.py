"""The scenarios that come with understudy."""

from __future__ import annotations

import json

import pytest

from understudy.calls import ToolResult
from understudy.delays import Profiles
from understudy.scenarios import (
    Conversation,
    ObservedTurn,
    ScenarioLibrary,
    ScriptedReply,
    check_scenario,
    shipped_folder,
)

LIBRARY = ScenarioLibrary(shipped_folder())
GOLDEN = [name for name in LIBRARY.names() if LIBRARY.get(name).is_golden]


def test_at_least_nine_golden_files_ship() -> None:
    """Each for a different kind of work."""
    assert len(GOLDEN) >= 9


@pytest.mark.parametrize("name", LIBRARY.names())
def test_each_is_sound(name: str) -> None:
    """Nothing that `check` finds."""
    assert check_scenario(LIBRARY, name, profiles=Profiles.default().names) == ()


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_lines_are_operations(name: str) -> None:
    """What a reducer applies, one by one."""
    lines = LIBRARY.get(name).lines

    assert 8 <= len(lines) <= 30
    assert all(json.loads(line)["op"] for line in lines)


def test_the_order_agent_comes_to_an_answer() -> None:
    """With tools that find the parcel lost."""
    conversation = Conversation(LIBRARY.get("order_agent"))
    said = (
        ObservedTurn(user_text="Where is my parcel?"),
        ObservedTurn(user_text="It is A-20417.", turn=1),
        ObservedTurn(tool_results=(ToolResult('{"state": "lost"}', name="get_order"),), turn=2),
        ObservedTurn(tool_results=(ToolResult("ok", name="create_delivery"),), turn=3),
        ObservedTurn(user_text="Thank you", turn=4),
    )

    answers = [conversation.advance(observed) for observed in said]

    assert [answer.turn for answer in answers if isinstance(answer, ScriptedReply)] == [
        "ask_for_number",
        "look_up",
        "book_again",
        "confirm",
        "anything_else",
    ]


def test_the_page_session_edits_until_the_user_is_content() -> None:
    """Created slowly, edited quickly."""
    conversation = Conversation(LIBRARY.get("page_session"))
    said = ("A page for our reading circle", "a shorter headline", "a later date", "Thanks!")

    answers = [conversation.advance(ObservedTurn(user_text=text)) for text in said]

    assert [
        (answer.turn, answer.profile) for answer in answers if isinstance(answer, ScriptedReply)
    ] == [
        ("create", "realistic_l3"),
        ("edit_headline", "realistic_l2"),
        ("edit_date", "realistic_l2"),
        ("finish", "realistic_l2"),
    ]


def test_the_busy_provider_answers_in_the_end() -> None:
    """After two faults."""
    conversation = Conversation(LIBRARY.get("busy_provider"))
    call = ObservedTurn(user_text="How do I shorten the build?")

    answers = [conversation.advance(call) for _ in range(3)]

    assert [answer.fault for answer in answers if isinstance(answer, ScriptedReply)] == [
        "rate_limit",
        "overloaded",
        None,
    ]
