"""`understudy scenarios`: what a mocked model can say."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SettingsError, counted
from ._command import Commands, answer, finish
from ._parser import GROUP

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ..scenarios import Branch, Scenario, ScenarioLibrary, Turn

    Names = Callable[[], Collection[str]]

_VARIABLE = "UNDERSTUDY_GOLDEN_DIR"
_FOLDER = "golden"


def _built_in_profiles() -> Collection[str]:
    from ..delays import Profiles  # noqa: PLC0415 - other commands do without

    return Profiles.default().names


def _built_in_faults() -> Collection[str]:
    from ..mock.faults import Faults  # noqa: PLC0415 - most scenarios name no fault

    return Faults.default().names


class _Known:
    """Names of the command line, built-in ones, those of plugins: each asked when it is needed."""

    def __init__(self, *sources: Names) -> None:
        self._sources = sources

    def __contains__(self, name: object) -> bool:
        return any(name in source() for source in self._sources)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({name for source in self._sources for name in source()}))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def add_parser(
    commands: Commands, *, profiles: Names = _built_in_profiles, faults: Names | None = None
) -> None:
    """Add the command; a scenario may use these `profiles` and `faults`, None is any."""
    parser = commands.add_parser(
        "scenarios",
        help="list, show and check what a mock can say",
        description="What a mocked model says, turn by turn: yours in golden/, and those built in.",
    )
    actions = parser.add_subparsers(**GROUP)
    listing = actions.add_parser("list", help="list all scenarios")
    show = actions.add_parser("show", help="print a scenario")
    show.add_argument("name", metavar="NAME")
    check = actions.add_parser("check", help="say what is wrong with scenarios; 1 if anything is")
    check.add_argument(
        "names", nargs="*", metavar="NAME", help="which, by name or as a file (default: all)"
    )
    for option, what in (("profile", "delay profile"), ("fault", "fault")):
        check.add_argument(
            f"--{option}",
            dest=f"{option}s",
            action="append",
            default=[],
            metavar="NAME",
            help=f"a {what} that a conftest.py registers; may repeat",
        )

    def run_check(arguments: argparse.Namespace) -> int:
        known = _Known(lambda: arguments.profiles, _built_in_profiles, profiles)
        if faults is None:
            return _check(arguments, known, None)
        return _check(arguments, known, _Known(lambda: arguments.faults, _built_in_faults, faults))

    for action, run in ((listing, _list), (show, _show), (check, run_check)):
        action.add_argument(
            "--golden-dir",
            metavar="DIR",
            type=Path,
            default=Path(os.environ.get(_VARIABLE) or _FOLDER),
            help=f"your own, in front of the shipped ones (default: {_FOLDER}) [env: {_VARIABLE}]",
        )
        finish(action, run)


def _list(arguments: argparse.Namespace) -> int:
    """Print a row for each scenario."""
    library = _library(arguments)
    rows = [_row(library, name) for name in library.names()]
    width = max(len(row["name"]) for row in rows)
    lines = (
        f"{row['name']:{width}}  {_size(row):>8}  {row['description'] or row['path']}"
        for row in rows
    )
    answer(arguments, rows, lines)
    return 0


def _show(arguments: argparse.Namespace) -> int:
    """Print the lines of a golden file, or the turns of a conversation."""
    scenario = _library(arguments).get(arguments.name)
    if scenario.is_golden and not arguments.json:
        print("".join(scenario.lines), end="")
    else:
        answer(arguments, _as_json(scenario), _told(scenario))
    return 0


def _check(
    arguments: argparse.Namespace, profiles: Collection[str], faults: Collection[str] | None
) -> int:
    """Print a line for each problem; 1 if there is one."""
    from ..scenarios import check_scenario  # noqa: PLC0415 - as above

    library = _library(arguments)
    names = [_name_of(each, arguments) for each in arguments.names] or library.names()
    problems = [
        problem
        for name in names
        for problem in check_scenario(library, name, profiles=profiles, faults=faults)
    ]
    found = [{**asdict(each), "path": str(each.path)} for each in problems]
    checked = counted(len(names), "scenario")
    summary = f"{checked} checked, {counted(len(problems), 'problem')}"
    lines = [*map(str, problems), summary]
    answer(arguments, {"checked": len(names), "problems": found}, lines)
    return int(bool(problems))


def _name_of(word: str, arguments: argparse.Namespace) -> str:
    """Return the name of a scenario that is named, or whose file is.

    Raises:
        SettingsError: the file is not in the folder of scenarios.
    """
    path, folder = Path(word), arguments.golden_dir
    if not path.is_file():
        return word
    if path.absolute().is_relative_to(folder.absolute()):
        return path.absolute().relative_to(folder.absolute()).with_suffix("").as_posix()
    msg = f"{word}: it is not below {folder}. Name its folder with --golden-dir."
    raise SettingsError(msg)


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
        return counted(row["lines"], "line")
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
    reply = asdict(turn.reply)
    return {
        **{key: reply[key] for key in reply if key not in {"scenario", "turn", "fault"}},
        "faults": [attempt.fault for attempt in turn.attempts if attempt.fault],
        "next": _branches_as_json(turn.next),
    }


def _branches_as_json(branches: Iterable[Branch]) -> list[dict[str, Any]]:
    return [
        {"when": str(branch.when) if branch.when else None, "then": branch.then}
        for branch in branches
    ]
