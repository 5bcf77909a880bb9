"""Conversations with a scenario."""

from __future__ import annotations

from collections import Counter
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.scenarios.files import converse, read

from understudy.calls import ToolResult
from understudy.scenarios import (
    Conversation,
    ObservedTurn,
    Position,
    ScriptedReply,
    UnmatchedTurn,
)

if TYPE_CHECKING:
    from pathlib import Path

HELLO = ObservedTurn(user_text="hello")
FLAKY = "turns: {a: {reply: x, faults: [rate_limit, reset], next: b}, b: {reply: y}}"


def user(text: str, *, turn: int = 1) -> ObservedTurn:
    """Say something."""
    return ObservedTurn(user_text=text, turn=turn)


def result(text: str, *, name: str = "get_order") -> ObservedTurn:
    """Give a tool result."""
    return ObservedTurn(tool_results=(ToolResult(text, name=name),), turn=2)


def reply_to(conversation: Conversation, observed: ObservedTurn) -> ScriptedReply:
    """Return the answer to a call that is foreseen."""
    answer = conversation.advance(observed)
    assert isinstance(answer, ScriptedReply), str(answer)
    return answer


def miss_of(conversation: Conversation, observed: ObservedTurn) -> UnmatchedTurn:
    """Return the explanation of a call that is not."""
    answer = conversation.advance(observed)
    assert isinstance(answer, UnmatchedTurn)
    return answer


def test_a_conversation_walks_from_turn_to_turn(tmp_path: Path) -> None:
    """As the app says what the branches want."""
    conversation = converse(tmp_path)

    turns = [
        reply_to(conversation, observed).turn
        for observed in (HELLO, user("It is A-17"), result("shipped on Monday"))
    ]

    assert turns == ["ask", "look_up", "end"]


def test_conversations_do_not_share_their_place(tmp_path: Path) -> None:
    """The scenario is shared, the place is not."""
    first = converse(tmp_path)
    second = Conversation(first.scenario)

    reply_to(first, HELLO)

    assert first.position == Position("ask", 1, None, 1)
    assert second.position == Position()


def test_the_first_branch_that_matches_is_taken(tmp_path: Path) -> None:
    """Both would."""
    conversation = converse(tmp_path)
    reply_to(conversation, HELLO)

    assert reply_to(conversation, user("bye, A-17")).turn == "look_up"


def test_a_miss_stays_where_it_is(tmp_path: Path) -> None:
    """The next call is judged at the same place."""
    conversation = converse(tmp_path)
    reply_to(conversation, HELLO)
    miss_of(conversation, user("what?"))

    assert reply_to(conversation, user("bye")).turn == "end"


def test_peeking_stays_where_it_is(tmp_path: Path) -> None:
    """It tells what would be answered."""
    conversation = converse(tmp_path)

    peeked = conversation.peek(HELLO)

    assert conversation.position == Position()
    assert peeked == conversation.advance(HELLO)
    assert isinstance(conversation.peek(HELLO), UnmatchedTurn)


def test_a_miss_names_the_nearest_branch_and_what_differs(tmp_path: Path) -> None:
    """With the line where it stands."""
    conversation = converse(tmp_path)
    reply_to(conversation, HELLO)

    miss = miss_of(conversation, user("Where is it?"))

    assert str(miss) == (
        "scenario 'script' foresees no such call after turn 'ask'. Nearest: turn 'look_up'"
        f" ({tmp_path / 'script.yaml'}:8), when the user's text matches /A-\\d+/,"
        " but it is 'Where is it?'."
    )
    assert miss.nearest is conversation.scenario.turns["ask"].next[0]


def test_the_nearest_branch_is_the_one_with_the_fewest_differences(tmp_path: Path) -> None:
    """Not the first one."""
    conversation = converse(
        tmp_path,
        """
        start:
          - when: {contains: refund, model: gpt-4o}
            then: a
          - when: {contains: hello, model: claude-3}
            then: b
        turns: {a: {reply: x}, b: {reply: y}}
        """,
    )

    miss = miss_of(conversation, ObservedTurn(user_text="hello", model="gemini"))

    assert miss.after is None
    assert str(miss) == (
        "scenario 'script' foresees no such call at its start. Nearest: turn 'b'"
        f" ({tmp_path / 'script.yaml'}:5), when the model is 'claude-3', but it is 'gemini'."
    )


def test_a_call_after_the_end_is_a_miss(tmp_path: Path) -> None:
    """An agent that does not stop is found out."""
    conversation = converse(tmp_path, "turns:\n  only: {reply: x}\n")
    reply_to(conversation, HELLO)

    assert str(miss_of(conversation, HELLO)) == (
        "scenario 'script' has ended with turn 'only': nothing is next in"
        f" {tmp_path / 'script.yaml'}:2."
    )


def test_a_turn_may_follow_itself(tmp_path: Path) -> None:
    """For as long as the app calls."""
    conversation = converse(tmp_path, "turns: {only: {reply: x, next: only}}")

    assert {reply_to(conversation, HELLO).turn for _ in range(5)} == {"only"}


@pytest.mark.parametrize(
    ("when", "observed"),
    [
        ("contains: fund", user("refund")),
        ("matches: '^re.*d$'", user("refund")),
        ("matches: fun", user("refund")),
        ("model: gpt-4o", ObservedTurn(model="gpt-4o")),
        ("model: 'gpt-*'", ObservedTurn(model="gpt-4o-mini")),
        ("system_contains: terse", ObservedTurn(system_text="Be terse.")),
        ("tool: get_order", result("")),
        ("result_contains: lost", result("it is lost", name="")),
        ("result_matches: 'l.st'", result("lost")),
        ("tool: b, result_contains: lost", ObservedTurn(
            tool_results=(ToolResult("x", name="a"), ToolResult("lost", name="b")))),
        ("turn: 1", ObservedTurn(turn=7)),
        ("contains: fund, model: gpt-4o", ObservedTurn(user_text="refund", model="gpt-4o")),
    ],
)  # fmt: skip
def test_a_condition_holds(tmp_path: Path, when: str, observed: ObservedTurn) -> None:
    """For what it describes."""
    text = f"start: [{{when: {{{when}}}, then: a}}]\nturns: {{a: {{reply: x}}}}"
    conversation = converse(tmp_path, text)

    assert reply_to(conversation, observed).turn == "a"


@pytest.mark.parametrize(
    ("when", "observed", "difference"),
    [
        ("contains: Refund", user("refund"), ("the user's text contains 'Refund', but it is"
         " 'refund'")),
        ("contains: x", user("y" * 200), (f"the user's text contains 'x', but it is"
         f" '{'y' * 80}'...")),
        ("contains: x", result("x"), ("the user's text contains 'x', but the user says nothing,"
         " 'get_order' gave 'x'")),
        ("contains: x", ObservedTurn(), ("the user's text contains 'x', but the user says nothing,"
         " no tool result is given")),
        ("matches: '^fund'", user("refund"), ("the user's text matches /^fund/, but it is"
         " 'refund'")),
        ("model: 'gpt-?'", ObservedTurn(model="gpt-4o"), ("the model is 'gpt-?', but it is"
         " 'gpt-4o'")),
        ("system_contains: a", ObservedTurn(), "the system text contains 'a', but it is ''"),
        ("tool: get_order", user("hi"), ("a result of 'get_order' is given, but no tool result is"
         " given")),
        ("tool: b, result_contains: lost",
         ObservedTurn(tool_results=(ToolResult("lost", name="a"), ToolResult("x", name="b"))),
         "a result of 'b' is given that contains 'lost', but 'a' gave 'lost' and 'b' gave 'x'"),
        ("result_matches: '^a'", result("ba"), ("a tool result is given that matches /^a/, but"
         " 'get_order' gave 'ba'")),
        ("turn: 2", ObservedTurn(turn=2), "it is turn 2, but it is turn 1"),
    ],
)  # fmt: skip
def test_a_condition_does_not_hold(
    tmp_path: Path, when: str, observed: ObservedTurn, difference: str
) -> None:
    """And says what there is instead."""
    text = f"start: [{{when: {{{when}}}, then: a}}]\nturns: {{a: {{reply: x}}}}"
    conversation = converse(tmp_path, text)

    assert miss_of(conversation, observed).differences == (difference,)


def test_turns_are_counted_by_the_conversation(tmp_path: Path) -> None:
    """An app that shortens its history is still on its third turn."""
    conversation = converse(
        tmp_path,
        """
        turns:
          a: {reply: x, next: [{when: {turn: 3}, then: b}, {then: a}]}
          b: {reply: y}
        """,
    )

    turns = [reply_to(conversation, user("go on", turn=1)).turn for _ in range(3)]

    assert turns == ["a", "a", "b"]


def test_a_retry_gets_the_next_attempt_of_its_turn(tmp_path: Path) -> None:
    """The faults first, then the answer."""
    conversation = converse(tmp_path, FLAKY)

    answers = [reply_to(conversation, HELLO) for _ in range(4)]

    assert [(answer.turn, answer.fault) for answer in answers] == [
        ("a", "rate_limit"),
        ("a", "reset"),
        ("a", None),
        ("b", None),
    ]


def test_another_call_after_a_fault_goes_on(tmp_path: Path) -> None:
    """The client gave up."""
    conversation = converse(tmp_path, FLAKY)
    reply_to(conversation, HELLO)

    answer = reply_to(conversation, user("something else"))

    assert (answer.turn, answer.fault) == ("b", None)


def test_a_turn_fails_again_when_it_comes_again(tmp_path: Path) -> None:
    """Each time it is entered."""
    conversation = converse(tmp_path, "turns: {a: {reply: x, faults: [reset], next: a}}")

    faults = [reply_to(conversation, HELLO).fault for _ in range(4)]

    assert faults == ["reset", None, "reset", None]


def test_threads_move_a_conversation_one_at_a_time(tmp_path: Path) -> None:
    """No turn is given twice."""
    turns = "".join(f"  t{n}: {{reply: x, next: t{n + 1}}}\n" for n in range(40))
    conversation = Conversation(read(tmp_path, f"turns:\n{turns}  t40: {{reply: end}}\n"))
    seen: Counter[str] = Counter()

    def call() -> None:
        for _ in range(10):
            seen[reply_to(conversation, HELLO).turn] += 1

    threads = [Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == Counter(f"t{n}" for n in range(40))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.builds(
            ObservedTurn,
            user_text=st.sampled_from(["", "A-17", "bye", "hm"]),
            tool_results=st.sampled_from(
                [(), (ToolResult("shipped", name="get_order"),), (ToolResult("", name=""),)]
            ),
        ),
        max_size=12,
    )
)
def test_any_conversation_is_answered_or_explained(
    tmp_path: Path, said: list[ObservedTurn]
) -> None:
    """And the same one goes the same way."""
    conversation = converse(tmp_path)
    again = Conversation(conversation.scenario)

    answers = [conversation.advance(observed) for observed in said]

    assert answers == [again.advance(observed) for observed in said]
    assert all(str(answer) for answer in answers)
