"""What `check` finds in a script that can be played."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.scenarios.files import AGENT, told_of, write

from understudy.errors import UnknownNameError
from understudy.scenarios import ScenarioLibrary, check_scenario

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def check(
    folder: Path,
    text: str,
    *,
    profiles: Collection[str] | None = None,
    faults: Collection[str] | None = None,
) -> list[str]:
    """Return the problems of a YAML text, without the folder."""
    write(folder, "script.yaml", text)
    library = ScenarioLibrary(folder)
    problems = check_scenario(library, "script", profiles=profiles, faults=faults)
    return told_of(folder, problems)


def test_a_sound_script_has_no_problem(tmp_path: Path) -> None:
    """Nothing to say."""
    assert check(tmp_path, AGENT, profiles=(), faults=()) == []


def test_a_file_that_cannot_be_used_is_a_problem(tmp_path: Path) -> None:
    """The same that playing it would raise."""
    assert check(tmp_path, "turns: 3\n") == [
        "script.yaml:1: turns: a mapping is wanted here, not 3."
    ]


def test_a_golden_file_is_checked_too(tmp_path: Path) -> None:
    """Line by line."""
    path = write(tmp_path, "page.jsonl", b"1\nx\n")

    problems = check_scenario(ScenarioLibrary(tmp_path), "page")

    assert [(problem.path, problem.line) for problem in problems] == [(path, 2)]


def test_an_unknown_scenario_is_no_problem_but_an_error(tmp_path: Path) -> None:
    """There is no file to find fault with."""
    with pytest.raises(UnknownNameError):
        check_scenario(ScenarioLibrary(tmp_path), "nothing")


def test_a_turn_that_nobody_leads_to(tmp_path: Path) -> None:
    """Also where it leads to itself."""
    text = "turns:\n  a: {reply: x}\n  b: {reply: y, next: b}\n"

    assert check(tmp_path, text) == ["script.yaml:3: turns.b: no branch leads to this turn."]


def test_a_branch_behind_one_that_takes_every_call(tmp_path: Path) -> None:
    """It is never taken."""
    text = """
        turns:
          a:
            reply: x
            next:
              - then: a
              - when: {contains: x}
                then: b
          b: {reply: y}
    """

    assert check(tmp_path, text) == [
        "script.yaml:7: turns.a.next.1.then: never taken: a branch without `when` stands before it."
    ]


def test_a_branch_on_a_tool_that_the_turn_does_not_call(tmp_path: Path) -> None:
    """Its result never comes."""
    text = """
        turns:
          a:
            tool_calls: [{name: get_order}]
            next:
              - when: {tool: get_oder}
                then: b
          b: {reply: y}
    """

    assert check(tmp_path, text) == [
        (
            "script.yaml:6: turns.a.next.0.then: turn 'a' does not call it: unknown tool 'get_oder'"
            ". Did you mean 'get_order'? Known: get_order."
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "turns:\n  a: {tool_calls: [{name: x}], next: a}\n",
        "turns:\n  a: {tool_calls: [{name: x}], next: b}\n  b: {tool_calls: [{name: y}], next: a}",
    ],
)
def test_tool_calls_that_never_come_to_an_answer(tmp_path: Path, text: str) -> None:
    """A cycle that needs no word of the user and has no way out."""
    told = "a cycle of tool calls without a way out: the agent never comes to an answer."

    problems = check(tmp_path, text)

    assert problems[0] == f"script.yaml:2: turns.a.next: {told}"
    assert len(problems) == text.count("next")


@pytest.mark.parametrize(
    "text",
    [
        "turns: {a: {reply: x, next: a}}",
        "turns: {a: {tool_calls: [{name: x}]}}",
        "turns: {a: {tool_calls: [{name: x}], next: b}, b: {reply: x, next: a}}",
        (
            "turns: {a: {tool_calls: [{name: x}], next:"
            " [{when: {result_contains: y}, then: b}, {then: a}]}, b: {reply: x}}"
        ),
    ],
)
def test_cycles_with_a_way_out_are_no_problem(tmp_path: Path, text: str) -> None:
    """The user speaks in between, or a result ends them."""
    assert check(tmp_path, text) == []


def test_an_unknown_profile(tmp_path: Path) -> None:
    """Where the names are known."""
    text = "turns:\n  a: {reply: x, profile: slwo}\n"

    assert check(tmp_path, text, profiles=("slow",)) == [
        (
            "script.yaml:2: turns.a.profile: unknown delay profile 'slwo'."
            " Did you mean 'slow'? Known: slow."
        )
    ]
    assert check(tmp_path, text) == []


def test_an_unknown_fault(tmp_path: Path) -> None:
    """Where the names are known."""
    text = "turns:\n  a: {reply: x, faults: [reset, rest]}\n"

    assert check(tmp_path, text, faults=("reset",)) == [
        "script.yaml:2: turns.a.faults: unknown fault 'rest'. Did you mean 'reset'? Known: reset."
    ]
    assert check(tmp_path, text) == []
