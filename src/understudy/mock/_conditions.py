"""Which calls a rule answers: what `on(…)` takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypedDict

from ..errors import SettingsError, UnknownNameError
from ..scenarios.conditions import OF_RESULTS, Condition, Wording, condition_of
from ._call import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._call import IncomingCall


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


def wanted_condition(wanted: Wanted) -> Condition:
    """Make a condition of what `on(…)` was given.

    Raises:
        SettingsError: a key is unknown, empty or of a wrong type, a pattern does not compile.
    """
    given: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    UnknownNameError.check("condition", given, Wanted.__annotations__, where="on()")
    in_order = sorted(given, key=lambda name: name in OF_RESULTS)
    checked = {name: _checked(name, given[name]) for name in in_order}
    if checked.get("tool_result") is False and len(checked.keys() & OF_RESULTS) > 1:
        msg = "on(tool_result=False): there is no result then; leave the other conditions out."
        raise SettingsError(msg)
    text = ", ".join(f"{name}={_source(value)}" for name, value in given.items())
    return condition_of(checked, _WORDING, text=text)


def _checked(name: str, value: Any) -> Any:
    kinds, in_words = _KINDS.get(name, _TEXT)
    is_empty = value == "" or (type(value) is int and value < 1)
    is_wrong = isinstance(value, bool) and bool not in kinds
    if is_wrong or is_empty or not isinstance(value, kinds):
        msg = f"on({name}={value!r}): give {in_words}."
        raise SettingsError(msg)
    if re.Pattern not in kinds:
        return value
    try:
        return re.compile(value)
    except re.error as error:
        msg = f"on({name}={value!r}): no regular expression: {error}."
        raise SettingsError(msg) from None


def _seen(text: str, wanted: object) -> str:
    is_near = isinstance(wanted, str) and wanted.lower() in text.lower()
    return f"it is {cut(text)}{' (other capitals)' if is_near else ''}"


def _seen_results(call: IncomingCall) -> str:
    if not call.tool_results:
        return "no tool gave one"
    return " and ".join(f"{each.name!r} gave {cut(each.text)}" for each in call.tool_results)


def _source(value: Any) -> str:
    return repr(value.pattern if isinstance(value, re.Pattern) else value)


_WORDING: Final = Wording(
    pattern="{!r}",
    user=lambda call, wanted: _seen(call.user_text, wanted),
    system=lambda call, wanted: _seen(call.system_text, wanted),
    results=_seen_results,
    result_of=lambda of: f"{'a tool' if of is True else f'the tool {of!r}'} gave a result",
)
_TEXT: Final = ((str,), "a text that is not empty")
_PATTERN: Final = ((str, re.Pattern), "a regular expression that is not empty")
#: The types of what is no plain text, and what to say of them.
_KINDS: Final[Mapping[str, tuple[tuple[type, ...], str]]] = {
    "matches": _PATTERN,
    "tool_result": ((str, bool), "the name of a tool, True for any, or False for none"),
    "result_matches": _PATTERN,
    "turn": ((int,), "a whole number from 1 on"),
}
