"""Multi-turn `.yaml` files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.scenarios.files import AGENT, problems_of, read, write

from understudy.calls import ToolCall, Usage
from understudy.scenarios import ScenarioError, ScenarioLibrary, ScriptedReply

if TYPE_CHECKING:
    from pathlib import Path


def test_a_turn_says_all_that_its_file_says(tmp_path: Path) -> None:
    """In no provider's words."""
    scenario = read(
        tmp_path,
        """
        turns:
          only:
            thinking: Let me see.
            reply: |
              One.
              Two.
            tool_calls:
              - name: search
                arguments: {query: "é", limit: 3}
              - name: broken
                arguments: '{"query": '
                id: call_7
            usage: {input_tokens: 10, output_tokens: 4, cache_read_tokens: 8}
            finish_reason: length
            profile: slow
        """,
    )

    assert scenario.turns["only"].reply == ScriptedReply(
        scenario="script",
        turn="only",
        lines=("One.\n", "Two.\n"),
        thinking=("Let me see.",),
        tool_calls=(
            ToolCall("search", '{"query": "é", "limit": 3}'),
            ToolCall("broken", '{"query": ', "call_7"),
        ),
        usage=Usage(input_tokens=10, output_tokens=4, cache_read_tokens=8),
        finish_reason="length",
        profile="slow",
    )


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ('""', ()),
        ("a", ("a",)),
        ('"a\\nb"', ("a\n", "b")),
        ("[a, b]", ("a", "b")),
        ('["a\\n", ""]', ("a\n", "")),
        ("[]", ()),
    ],
)
def test_a_reply_is_text_or_a_list_of_lines(
    tmp_path: Path, written: str, lines: tuple[str, ...]
) -> None:
    """Text is cut after each newline, a list is as it stands."""
    scenario = read(tmp_path, f"turns: {{only: {{reply: {written}}}}}")

    assert scenario.lines == lines


def test_faults_are_attempts_before_the_answer(tmp_path: Path) -> None:
    """Each befalls one attempt."""
    scenario = read(tmp_path, "turns: {only: {reply: a, faults: [rate_limit, overloaded]}}")

    attempts = scenario.turns["only"].attempts

    assert [attempt.fault for attempt in attempts] == ["rate_limit", "overloaded", None]
    assert {attempt.lines for attempt in attempts} == {("a",)}


def test_the_first_turn_is_the_start(tmp_path: Path) -> None:
    """Unless the file says otherwise."""
    assert [branch.then for branch in read(tmp_path, AGENT).start] == ["ask"]


def test_the_start_may_be_named(tmp_path: Path) -> None:
    """By a word."""
    scenario = read(tmp_path, "{start: b, turns: {a: {reply: x, next: b}, b: {reply: y}}}")

    assert [branch.then for branch in scenario.start] == ["b"]
    assert [branch.then for branch in scenario.turns["a"].next] == ["b"]


def test_the_start_may_have_branches(tmp_path: Path) -> None:
    """Each with a condition in words."""
    scenario = read(
        tmp_path,
        """
        start:
          - when: {contains: refund, model: "gpt-*"}
            then: a
          - then: b
        turns: {a: {reply: x}, b: {reply: y}}
        """,
    )

    assert [(str(branch.when), branch.then) for branch in scenario.start] == [
        ("the user's text contains 'refund' and the model is 'gpt-*'", "a"),
        ("None", "b"),
    ]


def test_a_description_is_kept(tmp_path: Path) -> None:
    """For those who list scenarios."""
    assert read(tmp_path, AGENT).description == "Looks an order up."


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    """Editors on Windows write it."""
    write(tmp_path, "script.yaml", b"\xef\xbb\xbfturns: {a: {reply: x}}")

    assert ScenarioLibrary(tmp_path).get("script").lines == ("x",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "script.yaml: the file is empty."),
        ("- a\n", "script.yaml:1: a mapping is wanted here, not ['a']."),
        ("description: x\n", "script.yaml:1: turns: the key 'turns' is missing."),
        (
            "turns: {}\n",
            (
                "script.yaml:1: turns: Dictionary should have at least 1 item after validation,"
                " not 0, not {}."
            ),
        ),
        ("turns: {a: {reply: x}, a: {reply: y}}", "script.yaml:1: the key 'a' stands here twice."),
        (
            "start: b\nturns:\n  a: {reply: x}\n",
            "script.yaml:1: start.0.then: unknown turn 'b'. Known: a.",
        ),
        (
            "turns:\n  ask:\n    reply: x\n    next:\n      - then: aks\n",
            (
                "script.yaml:5: turns.ask.next.0.then: unknown turn 'aks'."
                " Did you mean 'ask'? Known: ask."
            ),
        ),
        (
            "turn:\n  a: {reply: x}\nturns: {a: {reply: x}}",
            (
                "script.yaml:1: turn: unknown key 'turn'. Did you mean 'turns'?"
                " Known: description, start, turns."
            ),
        ),
        (
            "turns:\n  a:\n    reply: x\n    replly: y\n",
            (
                "script.yaml:4: turns.a.replly: unknown key 'replly'. Did you mean 'reply'? Known:"
                " faults, finish_reason, next, profile, reply, thinking, tool_calls, usage."
            ),
        ),
        (
            "turns:\n  a:\n    reply: x\n    usage: {input: 3}\n",
            (
                "script.yaml:4: turns.a.usage.input: unknown key 'input'."
                " Known: cache_read_tokens, cache_write_1h_tokens,"
                " cache_write_tokens, input_tokens, output_tokens, reasoning_tokens."
            ),
        ),
        (
            "turns:\n  a:\n    tool_calls:\n      - nam: x\n        name: x\n",
            (
                "script.yaml:4: turns.a.tool_calls.0.nam: unknown key 'nam'. Did you mean 'name'?"
                " Known: arguments, id, name."
            ),
        ),
        (
            "turns:\n  a:\n    reply: x\n    next:\n      - {then: a, wen: 1}\n",
            (
                "script.yaml:5: turns.a.next.0.wen: unknown key 'wen'. Did you mean 'when'?"
                " Known: then, when."
            ),
        ),
        (
            "start:\n  - when: {contain: x}\n    then: a\nturns: {a: {reply: x}}\n",
            (
                "script.yaml:2: start.0.when.contain: unknown key 'contain'."
                " Did you mean 'contains'? Known: contains, matches, model, result_contains,"
                " result_matches, system_contains, tool, turn."
            ),
        ),
        (
            "turns:\n  a:\n    reply: x\n    next:\n      - {when: {matches: '('}, then: a}\n",
            (
                "script.yaml:5: turns.a.next.0.when.matches: '(' is no regular expression:"
                " missing ), unterminated subpattern at position 0."
            ),
        ),
        (
            "turns:\n  a:\n    reply: x\n    next:\n      - when: {}\n        then: a\n",
            (
                "script.yaml:5: turns.a.next.0.when: an empty condition;"
                " leave `when` out to take every call."
            ),
        ),
        (
            "turns:\n  a:\n    reply: x\n    next:\n      - when: {turn: 0}\n        then: a\n",
            (
                "script.yaml:5: turns.a.next.0.when.turn: Input should be greater than or equal to"
                " 1, not 0."
            ),
        ),
        (
            "turns:\n  a:\n    profile: slow\n",
            (
                "script.yaml:2: turns.a: neither reply nor tool_calls;"
                ' write reply: "" for an empty answer.'
            ),
        ),
        (
            "turns:\n  a:\n    tool_calls: [{name: x, arguments: [1]}]\n",
            (
                "script.yaml:3: turns.a.tool_calls.0.arguments: [1] are no arguments;"
                " write a mapping, or JSON as text."
            ),
        ),
        (
            "turns:\n  a: {reply: x, finish_reason: 3}\n",
            "script.yaml:2: turns.a.finish_reason: text, in quotes, is wanted here, not 3.",
        ),
        (
            "turns:\n  a: {reply: x, faults: rate_limit}\n",
            "script.yaml:2: turns.a.faults: a list is wanted here, not 'rate_limit'.",
        ),
        (
            "turns:\n  a: {reply: x, usage: {input_tokens: many}}\n",
            (
                "script.yaml:2: turns.a.usage.input_tokens: a whole number is wanted here,"
                " not 'many'."
            ),
        ),
        (
            f"turns:\n  a: {{reply: x, faults: {'x' * 99}}}\n",
            f"script.yaml:2: turns.a.faults: a list is wanted here, not '{'x' * 59}....",
        ),
    ],
)
def test_a_wrong_file_names_line_and_key(tmp_path: Path, text: str, problem: str) -> None:
    """And the nearest word where one is unknown."""
    assert problems_of(tmp_path, "script.yaml", text) == [problem]


def test_all_problems_are_told(tmp_path: Path) -> None:
    """In the order of the file's models."""
    text = "turns:\n  a: {replly: x}\n  b: {reply: 3}\n  c:\n"

    problems = problems_of(tmp_path, "script.yaml", text)

    assert [problem.split(": ")[:2] for problem in problems] == [
        ["script.yaml:2", "turns.a.replly"],
        ["script.yaml:3", "turns.b.reply"],
        ["script.yaml:4", "turns.c"],
    ]


def test_a_long_list_of_problems_is_cut(tmp_path: Path) -> None:
    """The message shows ten; the error holds all."""
    turns = "".join(f"  t{index}: {{repl: x}}\n" for index in range(15))
    write(tmp_path, "script.yaml", f"turns:\n{turns}")

    with pytest.raises(ScenarioError) as caught:
        ScenarioLibrary(tmp_path).get("script")

    assert len(caught.value.problems) == 15
    assert str(caught.value).splitlines()[10:] == ["and 5 more"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from([".jsonl", ".yaml"]),
    content=st.binary(max_size=60)
    | st.text(":-[]{}\n ,'\"abturnseplyx0", max_size=60).map(str.encode)
    | st.lists(st.sampled_from([line for line in AGENT.splitlines() if line]), max_size=12).map(
        lambda lines: "\n".join(lines).encode()
    ),
)
def test_any_bytes_are_a_scenario_or_a_clear_error(
    tmp_path: Path, suffix: str, content: bytes
) -> None:
    """Nothing but a ScenarioError leaves the library, and it names the file."""
    for file in tmp_path.iterdir():
        file.unlink()
    path = tmp_path / f"script{suffix}"
    path.write_bytes(content)
    try:
        told = str(ScenarioLibrary(tmp_path).get("script").path)
    except ScenarioError as error:
        told = str(error)

    assert told.startswith(str(path))
