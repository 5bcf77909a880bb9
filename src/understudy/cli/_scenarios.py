"""`understudy scenarios`: what a mocked model can say."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ..scenarios import Branch, Problem, Scenario, ScenarioLibrary, ScriptedReply, Turn

    Names = Callable[[], Collection[str]]

_VARIABLE = "UNDERSTUDY_GOLDEN_DIR"
_FOLDER = "golden"


def _built_in_profiles() -> Collection[str]:
    from ..delays import Profiles  # noqa: PLC0415 - other commands do without

    return Profiles.default().names


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    *,
    profiles: Names = _built_in_profiles,
    faults: Names | None = None,
) -> None:
    """Add the command; a scenario may use these `profiles` and `faults`, None is any."""
    parser = commands.add_parser("scenarios", help="list, show and check what a mock can say")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list all scenarios")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="print a scenario")
    show.add_argument("name", metavar="NAME")
    show.set_defaults(run=_show)
    check = actions.add_parser("check", help="say what is wrong with scenarios; 1 if anything is")
    check.add_argument("names", nargs="*", metavar="NAME", help="which (default: all)")
    check.add_argument(
        "--profile",
        dest="profiles",
        action="append",
        default=[],
        metavar="NAME",
        help="a delay profile that a conftest.py registers; may repeat",
    )
    check.add_argument(
        "--fault",
        dest="faults",
        action="append",
        default=[],
        metavar="NAME",
        help="a fault that a conftest.py registers; may repeat",
    )
    check.set_defaults(
        run=lambda arguments: _check(arguments, profiles(), faults() if faults else None)
    )
    for action in (listing, show, check):
        _add_common(action)


def _add_common(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--golden-dir",
        metavar="DIR",
        type=Path,
        default=Path(os.environ.get(_VARIABLE) or _FOLDER),
        help=f"your own, in front of the shipped ones (default: {_FOLDER}) [env: {_VARIABLE}]",
    )
    action.add_argument("--json", action="store_true", help="print JSON")


def _list(arguments: argparse.Namespace) -> int:
    """Print a row for each scenario."""
    library = _library(arguments)
    rows = [_row(library, name) for name in library.names()]
    if arguments.json:
        _print_json(rows)
        return 0
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        print(f"{row['name']:{width}}  {_size(row):>8}  {row['description'] or row['path']}")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    """Print the lines of a golden file, or the turns of a conversation."""
    scenario = _library(arguments).get(arguments.name)
    if arguments.json:
        _print_json(_as_json(scenario))
    elif scenario.is_golden:
        print("".join(scenario.lines), end="")
    else:
        print("\n".join(_told(scenario)))
    return 0


def _check(
    arguments: argparse.Namespace, profiles: Collection[str], faults: Collection[str] | None
) -> int:
    """Print a line for each problem; 1 if there is one."""
    from ..scenarios import check_scenario  # noqa: PLC0415 - as above

    library = _library(arguments)
    names = arguments.names or library.names()
    profiles = {*profiles, *arguments.profiles}
    faults = None if faults is None else {*faults, *arguments.faults}
    problems = [
        problem
        for name in names
        for problem in check_scenario(library, name, profiles=profiles, faults=faults)
    ]
    if arguments.json:
        _print_json({"checked": len(names), "problems": [_problem(each) for each in problems]})
    else:
        for problem in problems:
            print(problem)
        print(f"{len(names)} scenarios checked, {len(problems)} problems")
    return int(bool(problems))


def _library(arguments: argparse.Namespace) -> ScenarioLibrary:
    from ..scenarios import ScenarioLibrary, shipped_folder  # noqa: PLC0415 - as above

    return ScenarioLibrary(arguments.golden_dir, shipped_folder())


def _row(library: ScenarioLibrary, name: str) -> dict[str, Any]:
    from ..scenarios import ScenarioError  # noqa: PLC0415 - as above

    try:
        scenario = library.get(name)
    except ScenarioError as error:
        path, fault = str(error.problems[0].path), str(error.problems[0])
        return {"name": name, "path": path, "description": fault, "lines": None, "turns": None}
    return {
        "name": name,
        "path": str(scenario.path),
        "description": scenario.description,
        "lines": len(scenario.lines) if scenario.is_golden else None,
        "turns": None if scenario.is_golden else len(scenario.turns),
    }


def _size(row: dict[str, Any]) -> str:
    if row["lines"] is not None:
        return f"{row['lines']} lines"
    return "broken" if row["turns"] is None else f"{row['turns']} turns"


def _told(scenario: Scenario) -> Iterator[str]:
    """Yield the lines that tell a conversation to a reader."""
    yield f"{scenario.name}  {scenario.path}"
    if scenario.description:
        yield scenario.description
    yield "\nstart"
    yield from _ways(scenario.start)
    for turn in scenario.turns.values():
        yield f"\n{turn.name}"
        yield from _said(turn)
        yield from _ways(turn.next) if turn.next else ["  -> end"]


def _said(turn: Turn) -> Iterator[str]:
    yield from (f"  fault {attempt.fault}" for attempt in turn.attempts if attempt.fault)
    reply = turn.reply
    yield from (f"  ({line.rstrip()})" for line in reply.thinking)
    yield from (f"  | {line.rstrip()}" for line in reply.lines)
    yield from (f"  calls {call.name} {call.arguments}" for call in reply.tool_calls)
    if reply.profile:
        yield f"  profile {reply.profile}"
    if reply.finish_reason:
        yield f"  finish reason {reply.finish_reason}"


def _ways(branches: Iterable[Branch]) -> Iterator[str]:
    for branch in branches:
        yield f"  -> {branch.then}" + (f" when {branch.when}" if branch.when else "")


def _as_json(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "path": str(scenario.path),
        "description": scenario.description,
        "start": _branches_as_json(scenario.start),
        "turns": {name: _turn_as_json(turn) for name, turn in scenario.turns.items()},
    }


def _turn_as_json(turn: Turn) -> dict[str, Any]:
    return {
        **_reply_as_json(turn.reply),
        "faults": [attempt.fault for attempt in turn.attempts if attempt.fault],
        "next": _branches_as_json(turn.next),
    }


def _reply_as_json(reply: ScriptedReply) -> dict[str, Any]:
    told = asdict(reply)
    return {key: told[key] for key in told if key not in {"scenario", "turn", "fault"}}


def _branches_as_json(branches: Iterable[Branch]) -> list[dict[str, Any]]:
    return [
        {"when": str(branch.when) if branch.when else None, "then": branch.then}
        for branch in branches
    ]


def _problem(problem: Problem) -> dict[str, Any]:
    return {**asdict(problem), "path": str(problem.path)}


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2))
