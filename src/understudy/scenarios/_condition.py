"""What a branch wants of the current turn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..calls import ToolResult
    from ._file_models import WhenPart
    from ._observed import ObservedTurn

    TextTest: TypeAlias = Callable[[str], bool]

_SHOWN: Final = 80


class Clause(NamedTuple):
    """One thing that must hold: in words, as a test, and what there is instead.

    Both functions take the turn and its number in the conversation, from 1.
    """

    wanted: str
    holds: Callable[[ObservedTurn, int], bool]
    seen: Callable[[ObservedTurn, int], str]


@dataclass(frozen=True, slots=True)
class Condition:
    """All clauses must hold. `tool` is the tool whose result is wanted."""

    clauses: tuple[Clause, ...]
    tool: str | None = None

    def holds(self, observed: ObservedTurn, number: int) -> bool:
        """Tell whether the branch takes this turn."""
        return all(clause.holds(observed, number) for clause in self.clauses)

    def differences(self, observed: ObservedTurn, number: int) -> tuple[str, ...]:
        """Say what does not hold, and what there is instead."""
        return tuple(
            f"{clause.wanted}, but {clause.seen(observed, number)}"
            for clause in self.clauses
            if not clause.holds(observed, number)
        )

    def __str__(self) -> str:
        return " and ".join(clause.wanted for clause in self.clauses)


def condition_of(when: WhenPart) -> Condition:
    """Make the condition that a file describes."""
    return Condition(tuple(_clauses(when)), when.tool)


def _clauses(when: WhenPart) -> Iterator[Clause]:
    if when.contains is not None:
        yield _user_clause(*_containing(when.contains))
    if when.matches is not None:
        yield _user_clause(*_matching(when.matches))
    if when.model is not None:
        yield _model_clause(when.model)
    if when.system_contains is not None:
        yield _system_clause(*_containing(when.system_contains))
    if when.tool or when.result_contains or when.result_matches:
        yield _result_clause(when)
    if when.turn is not None:
        yield _number_clause(when.turn)


def _containing(part: str) -> tuple[str, TextTest]:
    return f"contains {part!r}", lambda text: part in text


def _matching(pattern: str) -> tuple[str, TextTest]:
    search = re.compile(pattern).search
    return f"matches /{pattern}/", lambda text: search(text) is not None


def _user_clause(words: str, test: TextTest) -> Clause:
    return Clause(f"the user's text {words}", lambda turn, _: test(turn.user_text), _seen_user)


def _system_clause(words: str, test: TextTest) -> Clause:
    return Clause(
        f"the system text {words}",
        lambda turn, _: test(turn.system_text),
        lambda turn, _: f"it is {_shortened(turn.system_text)}",
    )


def _model_clause(pattern: str) -> Clause:
    return Clause(
        f"the model is {pattern!r}",
        lambda turn, _: fnmatchcase(turn.model, pattern),
        lambda turn, _: f"it is {turn.model!r}",
    )


def _number_clause(wanted: int) -> Clause:
    return Clause(
        f"it is turn {wanted}",
        lambda _, number: number == wanted,
        lambda _, number: f"it is turn {number}",
    )


def _result_clause(when: WhenPart) -> Clause:
    """Want a single result that is of the tool and says all that is wanted."""
    tests = [_containing(when.result_contains)] if when.result_contains else []
    tests += [_matching(when.result_matches)] if when.result_matches else []
    whose = f"a result of {when.tool!r}" if when.tool else "a tool result"

    def fits(result: ToolResult) -> bool:
        named = when.tool is None or result.name == when.tool
        return named and all(test(result.text) for _, test in tests)

    return Clause(
        " ".join([whose, "is given", *(f"that {words}" for words, _ in tests)]),
        lambda turn, _: any(map(fits, turn.tool_results)),
        lambda turn, _: _seen_results(turn),
    )


def _seen_user(turn: ObservedTurn, _: int) -> str:
    if turn.user_text:
        return f"it is {_shortened(turn.user_text)}"
    return f"the user says nothing, {_seen_results(turn)}"


def _seen_results(turn: ObservedTurn) -> str:
    if not turn.tool_results:
        return "no tool result is given"
    results = (f"{result.name!r} gave {_shortened(result.text)}" for result in turn.tool_results)
    return " and ".join(results)


def _shortened(text: str) -> str:
    return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}..."
