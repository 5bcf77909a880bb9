"""The keys of a multi-turn scenario file."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    model_validator,
)

from ._scenario import split_lines
from .conditions import Condition, Wording, condition_of

_SHOWN: Final = 80


def _as_lines(value: Any) -> Any:
    return list(split_lines(value)) if isinstance(value, str) else value


def _as_branches(value: Any) -> Any:
    return [{"then": value}] if isinstance(value, str) else value


def _is_object_or_text(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict | str):
        msg = f"{value!r} are no arguments; write a mapping, or JSON as text"
        raise ValueError(msg)  # noqa: TRY004 - pydantic reports a ValueError, with its place
    return value


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        msg = f"{pattern!r} is no regular expression: {error}"
        raise ValueError(msg) from None
    return pattern


Text: TypeAlias = Annotated[str, Field(min_length=1)]
Pattern: TypeAlias = Annotated[Text, AfterValidator(_compiles)]
Lines: TypeAlias = Annotated[list[str], BeforeValidator(_as_lines)]
Count: TypeAlias = Annotated[int, Field(ge=0)]
Arguments: TypeAlias = Annotated[JsonValue, AfterValidator(_is_object_or_text)]


class FilePart(BaseModel):
    """A mapping of the file: unknown keys and other types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WhenPart(FilePart):
    """`when`: all that it names must hold for the current turn."""

    contains: Text | None = None
    matches: Pattern | None = None
    model: Text | None = None
    system_contains: Text | None = None
    tool: Text | None = None
    result_contains: Text | None = None
    result_matches: Pattern | None = None
    turn: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _names_something(self) -> WhenPart:
        if not self.model_fields_set:
            msg = "an empty condition; leave `when` out to take every call"
            raise ValueError(msg)
        return self

    def condition(self) -> Condition:
        """Return the condition that it describes."""
        wanted = self.model_dump(exclude_none=True)
        named = {"tool_result" if name == "tool" else name: wanted[name] for name in wanted}
        return condition_of(named, _WORDING)


def _seen_user(call: Any, _: object) -> str:
    if call.user_text:
        return f"it is {_shown(call.user_text)}"
    return f"the user says nothing, {_seen_results(call)}"


def _seen_results(call: Any) -> str:
    if not call.tool_results:
        return "no tool result is given"
    return " and ".join(f"{each.name!r} gave {_shown(each.text)}" for each in call.tool_results)


def _shown(text: str) -> str:
    return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}..."


_WORDING: Final = Wording(
    pattern="/{}/",
    user=_seen_user,
    system=lambda call, _: f"it is {_shown(call.system_text)}",
    results=_seen_results,
    result_of=lambda of: f"{'a tool result' if of is True else f'a result of {of!r}'} is given",
)


class BranchPart(FilePart):
    """An entry of `start` or `next`."""

    then: Text
    when: WhenPart | None = None


Branches: TypeAlias = Annotated[
    list[BranchPart], BeforeValidator(_as_branches), Field(min_length=1)
]


class ToolCallPart(FilePart):
    """An entry of `tool_calls`; arguments as text go out as they stand."""

    name: Text
    arguments: Arguments = {}
    id: Text | None = None


class UsagePart(FilePart):
    """`usage`: counts that the answer reports, inclusive as in events."""

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_read_tokens: Count | None = None
    cache_write_tokens: Count | None = None
    cache_write_1h_tokens: Count | None = None
    reasoning_tokens: Count | None = None


class TurnPart(FilePart):
    """An entry of `turns`."""

    reply: Lines | None = None
    thinking: Lines = []
    tool_calls: list[ToolCallPart] = []
    usage: UsagePart | None = None
    finish_reason: Text | None = None
    profile: Text | None = None
    faults: list[Text] = []
    next: Branches | None = None

    @model_validator(mode="after")
    def _says_something(self) -> TurnPart:
        if self.reply is None and not self.tool_calls:
            msg = 'neither reply nor tool_calls; write reply: "" for an empty answer'
            raise ValueError(msg)
        return self


class ScenarioPart(FilePart):
    """The whole file; without `start` the first turn answers the first call."""

    turns: Annotated[dict[Text, TurnPart], Field(min_length=1)]
    start: Branches | None = None
    description: str | None = None
