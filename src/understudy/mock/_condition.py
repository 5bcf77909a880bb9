"""Which calls a rule answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict

from ..errors import SettingsError, UnknownNameError
from ._wording import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..calls import ToolResult
    from ._incoming import IncomingCall


class Wanted(TypedDict, total=False):
    """What `on(…)` takes; all that is given must hold.

    `model` and `provider` may have wildcards (`gpt-5*`). The texts are of the current turn.
    `tool_result` is the tool that gave a result since the model last spoke; True is any, False
    none. `turn` counts the answers of the conversation from 1.
    """

    model: str
    provider: str
    contains: str
    matches: str | re.Pattern[str]
    system_contains: str
    tool_result: str | bool
    result_contains: str
    result_matches: str | re.Pattern[str]
    turn: int


class _Clause(NamedTuple):
    """One thing that must hold: in words, as a test, and what there is instead."""

    wanted: str
    holds: Callable[[IncomingCall], bool]
    seen: Callable[[IncomingCall], str]


@dataclass(frozen=True, slots=True)
class Condition:
    """All clauses must hold; `text` is how the test wrote it. Without clauses it takes all."""

    clauses: tuple[_Clause, ...] = ()
    text: str = ""
    wants_results: bool = False

    def holds(self, call: IncomingCall) -> bool:
        """Tell whether the rule answers `call`."""
        return all(clause.holds(call) for clause in self.clauses)

    def differences(self, call: IncomingCall) -> list[str]:
        """Say what does not hold, and what there is instead."""
        return [
            f"{clause.wanted}, but {clause.seen(call)}"
            for clause in self.clauses
            if not clause.holds(call)
        ]


def condition_of(wanted: Wanted) -> Condition:
    """Make a condition of what `on(…)` was given.

    Raises:
        SettingsError: a key is unknown, empty or of a wrong type, a pattern does not compile.
    """
    given: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    for name in given:
        if name not in Wanted.__annotations__:
            error = UnknownNameError("condition", name, Wanted.__annotations__, where="on()")
            raise error
    clauses = [_CLAUSES[name](_checked(name, value)) for name, value in _simple(given)]
    result = {name: value for name, value in given.items() if name in _OF_RESULTS}
    if result:
        clauses.append(_result_clause(result))
    text = ", ".join(f"{name}={_source(value)}" for name, value in given.items())
    return Condition(tuple(clauses), text, bool(result) and result.get("tool_result") is not False)


def _simple(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in given.items() if name not in _OF_RESULTS)


def _checked(name: str, value: Any) -> Any:
    kinds = _KINDS[name]
    is_empty = value == "" or (type(value) is int and value < 1)
    is_wrong = isinstance(value, bool) and bool not in kinds
    if is_wrong or is_empty or not isinstance(value, kinds):
        msg = f"on({name}={value!r}): give {_IN_WORDS[kinds]}."
        raise SettingsError(msg)
    return _compiled(name, value) if re.Pattern in kinds else value


def _compiled(name: str, pattern: Any) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        msg = f"on({name}={pattern!r}): no regular expression: {error}."
        raise SettingsError(msg) from None


def _model(pattern: str) -> _Clause:
    return _Clause(
        f"the model is {pattern!r}",
        lambda call: fnmatchcase(call.model, pattern),
        lambda call: f"it is {call.model!r}",
    )


def _provider(pattern: str) -> _Clause:
    return _Clause(
        f"the provider is {pattern!r}",
        lambda call: fnmatchcase(call.provider, pattern),
        lambda call: f"it is {call.provider!r}",
    )


def _contains(part: str) -> _Clause:
    return _Clause(
        f"the user's text contains {part!r}",
        lambda call: part in call.user_text,
        lambda call: f"it is {cut(call.user_text)}{_hint(part, call.user_text)}",
    )


def _matches(pattern: re.Pattern[str]) -> _Clause:
    return _Clause(
        f"the user's text matches {pattern.pattern!r}",
        lambda call: pattern.search(call.user_text) is not None,
        lambda call: f"it is {cut(call.user_text)}",
    )


def _system_contains(part: str) -> _Clause:
    return _Clause(
        f"the system text contains {part!r}",
        lambda call: part in call.system_text,
        lambda call: f"it is {cut(call.system_text)}{_hint(part, call.system_text)}",
    )


def _turn(number: int) -> _Clause:
    return _Clause(
        f"it is turn {number}",
        lambda call: call.turn == number,
        lambda call: f"it is turn {call.turn}",
    )


def _result_clause(wanted: Mapping[str, Any]) -> _Clause:
    wanted = {name: _checked(name, value) for name, value in wanted.items()}
    tool, part = wanted.get("tool_result", True), wanted.get("result_contains")
    pattern = wanted.get("result_matches")
    if tool is False and len(wanted) > 1:
        msg = "on(tool_result=False): there is no result then; leave the other conditions out."
        raise SettingsError(msg)
    if tool is False:
        return _Clause("no tool gave a result", lambda call: not call.tool_results, _seen_results)

    def fits(result: ToolResult) -> bool:
        return (
            (tool is True or result.name == tool)
            and (part is None or part in result.text)
            and (pattern is None or pattern.search(result.text) is not None)
        )

    words = ["a tool" if tool is True else f"the tool {tool!r}", "gave a result"]
    words += [] if part is None else [f"that contains {part!r}"]
    words += [] if pattern is None else [f"that matches {pattern.pattern!r}"]
    return _Clause(" ".join(words), lambda call: any(map(fits, call.tool_results)), _seen_results)


def _seen_results(call: IncomingCall) -> str:
    if not call.tool_results:
        return "no tool gave one"
    return " and ".join(f"{each.name!r} gave {cut(each.text)}" for each in call.tool_results)


def _hint(part: str, text: str) -> str:
    return " (other capitals)" if part.lower() in text.lower() else ""


def _source(value: Any) -> str:
    return repr(value.pattern if isinstance(value, re.Pattern) else value)


_OF_RESULTS: Final = frozenset({"tool_result", "result_contains", "result_matches"})
_CLAUSES: Final[Mapping[str, Callable[[Any], _Clause]]] = {
    "model": _model,
    "provider": _provider,
    "contains": _contains,
    "matches": _matches,
    "system_contains": _system_contains,
    "turn": _turn,
}
_TEXT: Final = (str,)
_PATTERN: Final = (str, re.Pattern)
_TOOL: Final = (str, bool)
_NUMBER: Final = (int,)
_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "model": _TEXT,
    "provider": _TEXT,
    "contains": _TEXT,
    "matches": _PATTERN,
    "system_contains": _TEXT,
    "tool_result": _TOOL,
    "result_contains": _TEXT,
    "result_matches": _PATTERN,
    "turn": _NUMBER,
}
_IN_WORDS: Final[Mapping[tuple[type, ...], str]] = {
    _TEXT: "a text that is not empty",
    _PATTERN: "a regular expression that is not empty",
    _TOOL: "the name of a tool, True for any, or False for none",
    _NUMBER: "a whole number from 1 on",
}
