"""Finds what is wrong with a script that can be played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UnknownNameError
from ._errors import Problem, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ._library import ScenarioLibrary
    from ._scenario import Branch, Scenario, Turn


def check_scenario(
    library: ScenarioLibrary,
    name: str,
    *,
    profiles: Collection[str] | None = None,
    faults: Collection[str] | None = None,
) -> tuple[Problem, ...]:
    """Return all that is wrong with a scenario: in its file, or else in its graph.

    `profiles` and `faults` are the names that exist, asked when the scenario uses one; None leaves
    them unchecked.

    Raises:
        UnknownNameError: there is no scenario of that name.
    """
    try:
        scenario = library.get(name)
    except ScenarioError as error:
        return error.problems
    return (
        *unknown_names(scenario, profiles, faults),
        *_dead_branches(scenario),
        *_uncalled_tools(scenario),
        *_unreachable_turns(scenario),
        *_endless_turns(scenario),
    )


def unknown_names(
    scenario: Scenario, profiles: Collection[str] | None, faults: Collection[str] | None
) -> Iterator[Problem]:
    """Find delay profiles and faults that do not exist; None leaves them unchecked."""
    for turn in scenario.turns.values():
        for fault in (attempt.fault for attempt in turn.attempts):
            if faults is not None and fault is not None and fault not in faults:
                unknown = UnknownNameError("fault", fault, faults)
                yield _problem(scenario, turn, str(unknown), "faults")
        profile = turn.reply.profile
        if profiles is not None and profile is not None and profile not in profiles:
            unknown = UnknownNameError("delay profile", profile, profiles)
            yield _problem(scenario, turn, str(unknown), "profile")


def _dead_branches(scenario: Scenario) -> Iterator[Problem]:
    """Find branches behind one that takes every call."""
    for branches in (scenario.start, *(turn.next for turn in scenario.turns.values())):
        is_dead = False
        for branch in branches:
            if is_dead:
                message = "never taken: a branch without `when` stands before it."
                yield _branch_problem(scenario, branch, message)
            is_dead = is_dead or branch.when is None


def _uncalled_tools(scenario: Scenario) -> Iterator[Problem]:
    """Find branches that wait for the result of a tool that the turn before does not call."""
    for turn in scenario.turns.values():
        called = {call.name for call in turn.reply.tool_calls}
        for branch in turn.next:
            tool = branch.when.tool if branch.when else None
            if isinstance(tool, str) and tool not in called:
                unknown = UnknownNameError("tool", tool, called)
                message = f"turn {turn.name!r} does not call it: {unknown}"
                yield _branch_problem(scenario, branch, message)


def _unreachable_turns(scenario: Scenario) -> Iterator[Problem]:
    reached = _reached(scenario)
    for turn in scenario.turns.values():
        if turn.name not in reached:
            yield _problem(scenario, turn, "no branch leads to this turn.")


def _endless_turns(scenario: Scenario) -> Iterator[Problem]:
    """Find turns from which every way leads to tool calls only: the agent never answers."""
    endless = {turn.name for turn in scenario.turns.values() if turn.reply.tool_calls and turn.next}
    ways = {name: {branch.then for branch in scenario.turns[name].next} for name in endless}
    while escaped := {name for name in endless if ways[name] - endless}:
        endless -= escaped
    for name in scenario.turns:
        if name in endless & _reached(scenario):
            message = "a cycle of tool calls without a way out: the agent never comes to an answer."
            yield _problem(scenario, scenario.turns[name], message, "next")


def _reached(scenario: Scenario) -> set[str]:
    reached: set[str] = set()
    waiting = [branch.then for branch in scenario.start]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [branch.then for branch in scenario.turns[name].next]
    return reached


def _problem(scenario: Scenario, turn: Turn, message: str, *keys: str) -> Problem:
    return Problem(scenario.path, message, turn.line, ".".join(("turns", turn.name, *keys)))


def _branch_problem(scenario: Scenario, branch: Branch, message: str) -> Problem:
    return Problem(scenario.path, message, branch.line, branch.key)
