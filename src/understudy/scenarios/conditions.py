"""What must hold of a call: the conditions of a mock's rules and of a scenario's branches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..calls import ToolResult

#: What is wanted of one tool result together.
OF_RESULTS: Final = ("tool_result", "result_contains", "result_matches")


class Wording(NamedTuple):
    """How a condition is put: a pattern; what there is instead; and whose result is wanted.

    `user` and `system` say what the call has in the place of a part or a pattern.
    """

    pattern: str
    user: Callable[[Any, object], str]
    system: Callable[[Any, object], str]
    results: Callable[[Any], str]
    result_of: Callable[[str | bool], str]


class Clause(NamedTuple):
    """One thing that must hold: in words, as a test, and what there is instead."""

    wanted: str
    holds: Callable[[Any], bool]
    seen: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Condition:
    """All clauses must hold; without clauses it takes every call.

    Calls have a `model`, `user_text`, `system_text`, `tool_results` and a `turn`, which counts
    the answers of the conversation from 1; those of mocks a `provider`. `text` is how the
    condition was written. `tool` is the tool whose result is wanted: True is any, False is no
    result, None does not ask.
    """

    clauses: tuple[Clause, ...] = ()
    text: str = ""
    tool: str | bool | None = None

    def holds(self, call: Any) -> bool:
        """Tell whether it takes `call`."""
        return all(clause.holds(call) for clause in self.clauses)

    def differences(self, call: Any) -> tuple[str, ...]:
        """Say what does not hold, and what there is instead."""
        return tuple(
            f"{clause.wanted}, but {clause.seen(call)}"
            for clause in self.clauses
            if not clause.holds(call)
        )

    def __str__(self) -> str:
        return " and ".join(clause.wanted for clause in self.clauses)


def condition_of(wanted: Mapping[str, Any], wording: Wording, *, text: str = "") -> Condition:
    """Make a condition of what is wanted, in its order, by the keywords of `on(…)`."""
    results = {name: wanted[name] for name in OF_RESULTS if name in wanted}
    names = dict.fromkeys("results" if name in results else name for name in wanted)
    clauses = tuple(
        _result_clause(results, wording)
        if name == "results"
        else _clause(name, wanted[name], wording)
        for name in names
    )
    return Condition(clauses, text, results.get("tool_result", True if results else None))


class _TextTest(NamedTuple):
    """What a text must do, in words and as a test."""

    words: str
    holds: Callable[[str], bool]


def _containing(part: str) -> _TextTest:
    return _TextTest(f"contains {part!r}", lambda text: part in text)


def _matching(pattern: str | re.Pattern[str], wording: Wording) -> _TextTest:
    compiled = re.compile(pattern)
    words = f"matches {wording.pattern.format(compiled.pattern)}"
    return _TextTest(words, lambda text: compiled.search(text) is not None)


def _clause(name: str, value: Any, wording: Wording) -> Clause:
    if name in {"model", "provider"}:
        return Clause(
            f"the {name} is {value!r}",
            lambda call: fnmatchcase(getattr(call, name), value),
            lambda call: f"it is {getattr(call, name)!r}",
        )
    if name == "turn":
        return Clause(
            f"it is turn {value}",
            lambda call: bool(call.turn == value),
            lambda call: f"it is turn {call.turn}",
        )
    test = _matching(value, wording) if name == "matches" else _containing(value)
    if name == "system_contains":
        return Clause(
            f"the system text {test.words}",
            lambda call: test.holds(call.system_text),
            lambda call: wording.system(call, value),
        )
    return Clause(
        f"the user's text {test.words}",
        lambda call: test.holds(call.user_text),
        lambda call: wording.user(call, value),
    )


def _result_clause(wanted: Mapping[str, Any], wording: Wording) -> Clause:
    """Want a single result that is of the tool and passes all tests; or none at all."""
    tool = wanted.get("tool_result", True)
    if tool is False:
        return Clause("no tool gave a result", lambda call: not call.tool_results, wording.results)
    contains, matches = wanted.get("result_contains"), wanted.get("result_matches")
    tests = [] if contains is None else [_containing(contains)]
    tests += [] if matches is None else [_matching(matches, wording)]

    def fits(result: ToolResult) -> bool:
        is_of_tool = tool is True or result.name == tool
        return is_of_tool and all(test.holds(result.text) for test in tests)

    words = " ".join([wording.result_of(tool), *(f"that {test.words}" for test in tests)])
    return Clause(words, lambda call: any(map(fits, call.tool_results)), wording.results)
