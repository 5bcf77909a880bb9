"""Multi-turn scenarios: `.yaml` files that are graphs of turns."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from ..calls import ToolCall, Usage
from ..errors import UnknownNameError
from ._errors import Problem, ScenarioError
from ._file_models import (
    BranchPart,
    FilePart,
    ScenarioPart,
    ToolCallPart,
    TurnPart,
    UsagePart,
    WhenPart,
)
from ._scenario import Branch, Scenario, ScriptedReply, Turn
from ._yaml import Document, YamlError, load_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from ._yaml import Location

_WANTED: Final = {
    "dict_type": "a mapping",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a mapping",
    "string_type": "text, in quotes,",
}
_SHOWN: Final = 60


def read_graph(name: str, path: Path, text: str) -> Scenario:
    """Return the scenario that a file describes.

    Raises:
        ScenarioError: the file is no YAML, has unknown or wrong keys, or leads to turns that
            it does not have.
    """
    try:
        document = load_document(text)
    except YamlError as error:
        raise ScenarioError(Problem(path, f"{error}.", error.line)) from None
    try:
        part = ScenarioPart.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise ScenarioError(*(_problem(path, document, each) for each in details)) from None
    scenario = _Reader(name, path, document).scenario(part)
    missing = tuple(_missing_targets(scenario))
    if missing:
        raise ScenarioError(*missing)
    return scenario


class _Reader:
    """Makes turns and branches of the parts of one file."""

    def __init__(self, name: str, path: Path, document: Document) -> None:
        self._name = name
        self._path = path
        self._document = document

    def scenario(self, part: ScenarioPart) -> Scenario:
        turns = {name: self._turn(name, turn) for name, turn in part.turns.items()}
        start = part.start or [BranchPart(then=next(iter(turns)))]
        return Scenario(
            name=self._name,
            path=self._path,
            start=self._branches(start, ("start",)),
            turns=MappingProxyType(turns),
            description=part.description,
        )

    def _turn(self, name: str, part: TurnPart) -> Turn:
        location = ("turns", name)
        reply = ScriptedReply(
            scenario=self._name,
            turn=name,
            lines=tuple(part.reply or ()),
            thinking=tuple(part.thinking),
            tool_calls=tuple(map(_tool_call, part.tool_calls)),
            usage=None if part.usage is None else Usage(**part.usage.model_dump()),
            finish_reason=part.finish_reason,
            profile=part.profile,
        )
        failed = (replace(reply, fault=fault) for fault in part.faults)
        return Turn(
            name=name,
            attempts=(*failed, reply),
            next=self._branches(part.next or (), (*location, "next")),
            line=self._document.line(location),
        )

    def _branches(self, parts: Sequence[BranchPart], location: Location) -> tuple[Branch, ...]:
        return tuple(
            Branch(
                then=part.then,
                when=None if part.when is None else part.when.condition(),
                line=self._document.line((*location, index, "then")),
                key=".".join(map(str, (*location, index, "then"))),
            )
            for index, part in enumerate(parts)
        )


def _tool_call(part: ToolCallPart) -> ToolCall:
    given = part.arguments
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return ToolCall(part.name, text, part.id)


def _missing_targets(scenario: Scenario) -> Iterator[Problem]:
    for branch in (*scenario.start, *(b for turn in scenario.turns.values() for b in turn.next)):
        if branch.then not in scenario.turns:
            unknown = UnknownNameError("turn", branch.then, scenario.turns)
            yield Problem(scenario.path, str(unknown), branch.line, branch.key)


def _problem(path: Path, document: Document, detail: ErrorDetails) -> Problem:
    key = ".".join(map(str, detail["loc"]))
    return Problem(path, _message(detail), document.line(detail["loc"]), key)


def _message(detail: ErrorDetails) -> str:
    kind, name = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        return str(UnknownNameError("key", name, _part_at(detail["loc"]).model_fields))
    if kind == "missing":
        return f"the key {name!r} is missing."
    if kind == "value_error":
        return f"{detail['ctx']['error']}."
    if kind in _WANTED:
        return f"{_WANTED[kind]} is wanted here, not {_shown(detail['input'])}."
    return f"{detail['msg']}, not {_shown(detail['input'])}."


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _part_at(location: tuple[str | int, ...]) -> type[FilePart]:
    """Return the model that a key at `location` would belong to."""
    match location[:-1]:
        case ():
            return ScenarioPart
        case ("turns", _):
            return TurnPart
        case (*_, "when"):
            return WhenPart
        case (*_, "usage"):
            return UsagePart
        case (*_, "tool_calls", int()):
            return ToolCallPart
        case _:
            return BranchPart
