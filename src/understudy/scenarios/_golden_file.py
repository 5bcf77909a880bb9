"""Golden files: `.jsonl`, streamed line by line, each line as it stands."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ._errors import Problem, ScenarioError
from ._scenario import Branch, Scenario, ScriptedReply, Turn, split_lines

if TYPE_CHECKING:
    from pathlib import Path

_TURN: Final = "lines"


def read_golden(name: str, path: Path, text: str) -> Scenario:
    """Return a scenario that answers every call with the lines of a file.

    Raises:
        ScenarioError: the file is empty, or a line is no JSON.
    """
    lines = split_lines(text)
    if not lines:
        msg = "the file is empty. Write one JSON value on each line."
        raise ScenarioError(Problem(path, msg))
    found = ((number, _fault_of(line)) for number, line in enumerate(lines, start=1))
    if problems := [Problem(path, fault, number) for number, fault in found if fault]:
        raise ScenarioError(*problems)
    again = (Branch(then=_TURN),)
    reply = ScriptedReply(scenario=name, turn=_TURN, lines=lines)
    turn = Turn(name=_TURN, attempts=(reply,), next=again, line=1)
    return Scenario(name=name, path=path, start=again, turns=MappingProxyType({_TURN: turn}))


def _fault_of(line: str) -> str | None:
    if not line.strip():
        return "the line is empty. Take it out."
    if line.startswith("\ufeff"):
        return "the file begins with a byte order mark. Save it as UTF-8 without one."
    try:
        json.loads(line, parse_int=str, parse_float=str, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return f"no JSON: {error.msg} at column {error.colno}."
    except ValueError as error:
        return f"no JSON: {error}."
    except RecursionError:
        return "JSON that is nested too deep."
    return None


def _refuse(constant: str) -> None:
    msg = f"{constant} is no JSON value"
    raise ValueError(msg)
