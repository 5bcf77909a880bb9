"""`understudy scenarios`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.scenarios.files import AGENT, write

from understudy.cli._main import main
from understudy.cli._scenarios import add_parser
from understudy.errors import UnknownNameError
from understudy.scenarios import ScenarioError, ScenarioLibrary, shipped_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MINE = Path("golden", "mine.jsonl")
TALK = Path("golden", "talk.yaml")
LONE = Path("golden", "lone.yaml")


@pytest.fixture
def golden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, below the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UNDERSTUDY_GOLDEN_DIR", raising=False)
    folder = tmp_path / "golden"
    folder.mkdir()
    return folder


def run(
    *arguments: str,
    profiles: Callable[[], Collection[str]] | None = None,
    faults: Callable[[], Collection[str]] | None = None,
) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser()
    names = {} if profiles is None else {"profiles": profiles}
    add_parser(parser.add_subparsers(), **names, faults=faults)
    parsed = parser.parse_args(["scenarios", *arguments])
    status: int = parsed.run(parsed)
    return status


def rows_of(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    """Return the rows of `list --json`, by name."""
    assert run("list", "--json") == 0
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)}


def test_list_shows_own_and_shipped_ones(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row each, with its size and what it is."""
    write(golden, "mine.jsonl", b"1\n2\n")
    write(golden, "talk.yaml", AGENT)

    status = run("list")

    rows = capsys.readouterr().out.splitlines()
    assert status == 0
    assert len(rows) == len(ScenarioLibrary(golden, shipped_folder()).names())
    assert any(row.split() == ["mine", "2", "lines", str(MINE)] for row in rows)
    assert any(
        row.startswith("talk ") and row.endswith("3 turns  Looks an order up.") for row in rows
    )


def test_list_names_what_is_broken(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And lists the others all the same."""
    write(golden, "mine.jsonl", b"x\n")

    run("list")

    rows = capsys.readouterr().out.splitlines()
    broken = next(row for row in rows if row.startswith("mine "))
    assert broken.split(maxsplit=2)[1:] == [
        "broken",
        f"{MINE}:1: no JSON: Expecting value at column 1.",
    ]


def test_list_as_json(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A golden file has lines, a conversation has turns, a broken one has neither."""
    write(golden, "mine.jsonl", b"1\n")
    write(golden, "talk.yaml", AGENT)
    write(golden, "torn.yaml", b"[")

    rows = rows_of(capsys)

    assert rows["mine"] == {
        "name": "mine",
        "path": str(MINE),
        "description": None,
        "lines": 1,
        "turns": None,
    }
    assert (rows["talk"]["lines"], rows["talk"]["turns"]) == (None, 3)
    assert (rows["torn"]["lines"], rows["torn"]["turns"]) == (None, None)


def test_the_environment_names_the_folder(
    golden: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The variable is the one that pytest's option has."""
    write(tmp_path, "other/mine.jsonl", b"1\n")
    monkeypatch.setenv("UNDERSTUDY_GOLDEN_DIR", str(tmp_path / "other"))

    assert rows_of(capsys)["mine"]["path"] == str(tmp_path / "other" / "mine.jsonl")


def test_the_option_names_the_folder(
    golden: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For once."""
    write(tmp_path, "other/mine.jsonl", b"1\n")

    run("show", "mine", "--golden-dir", "other")

    assert capsys.readouterr().out == "1\n"


def test_show_prints_golden_lines_as_they_stand(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also without a newline at the end."""
    write(golden, "mine.jsonl", b'{"a":  1}\n[]')

    assert run("show", "mine") == 0

    assert capsys.readouterr().out == '{"a":  1}\n[]'


def test_show_tells_a_conversation(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What each turn says, and where it leads."""
    write(
        golden,
        "talk.yaml",
        """
        description: A talk.
        start: [{when: {contains: hi, turn: 1}, then: a}]
        turns:
          a:
            thinking: Hm.
            reply: |
              One.
              Two.
            faults: [reset]
            profile: slow
            finish_reason: length
            next: b
          b: {tool_calls: [{name: look, arguments: {x: 1}}]}
        """,
    )

    assert run("show", "talk") == 0

    assert capsys.readouterr().out.splitlines() == [
        f"talk  {TALK}",
        "A talk.",
        "",
        "start",
        "  -> a when the user's text contains 'hi' and it is turn 1",
        "",
        "a",
        "  fault reset",
        "  (Hm.)",
        "  | One.",
        "  | Two.",
        "  profile slow",
        "  finish reason length",
        "  -> b",
        "",
        "b",
        '  calls look {"x": 1}',
        "  -> end",
    ]


def test_show_as_json(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that a conversation holds."""
    write(golden, "talk.yaml", AGENT)

    run("show", "talk", "--json")

    shown = json.loads(capsys.readouterr().out)
    assert (shown["name"], shown["description"]) == ("talk", "Looks an order up.")
    assert shown["start"] == [{"when": None, "then": "ask"}]
    assert shown["turns"]["ask"]["lines"] == ["Which order?\n"]
    assert shown["turns"]["look_up"] == {
        "lines": [],
        "thinking": [],
        "tool_calls": [{"name": "get_order", "arguments": '{"id": "A-17"}', "id": None}],
        "usage": None,
        "finish_reason": None,
        "profile": None,
        "faults": [],
        "next": [
            {"when": "a result of 'get_order' is given that contains 'shipped'", "then": "end"}
        ],
    }


def test_an_unknown_scenario_is_an_error(golden: Path) -> None:
    """Which lists what exists."""
    write(golden, "mine.jsonl", b"1\n")

    with pytest.raises(UnknownNameError, match=r"unknown scenario 'minne'\. Did you mean 'mine'"):
        run("show", "minne")


def test_a_broken_scenario_cannot_be_shown(golden: Path) -> None:
    """The error says why."""
    write(golden, "mine.jsonl", b"x\n")

    with pytest.raises(ScenarioError, match=r"mine\.jsonl:1: no JSON"):
        run("show", "mine")


def test_check_finds_nothing_in_what_ships(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All are checked by default."""
    count = len(ScenarioLibrary(shipped_folder()).names())

    assert run("check") == 0

    assert capsys.readouterr().out == f"{count} scenarios checked, 0 problems\n"


def test_check_prints_a_line_for_each_problem(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, key and what is wrong; exit status 1."""
    write(golden, "talk.yaml", b"turns:\n  a: {reply: x, next: b}\n  c: {repy: x}\n")
    write(golden, "lone.yaml", b"turns:\n  a: {reply: x}\n  b: {reply: x}\n")

    status = run("check", "talk", "lone")

    assert status == 1
    assert capsys.readouterr().out.splitlines() == [
        (
            f"{TALK}:3: turns.c.repy: unknown key 'repy'. Did you mean 'reply'? Known:"
            " faults, finish_reason, next, profile, reply, thinking, tool_calls, usage."
        ),
        f"{LONE}:3: turns.b: no branch leads to this turn.",
        "2 scenarios checked, 2 problems",
    ]


def test_check_as_json(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for programs."""
    write(golden, "lone.yaml", b"turns:\n  a: {reply: x}\n  b: {reply: x}\n")

    assert run("check", "lone", "--json") == 1

    assert json.loads(capsys.readouterr().out) == {
        "checked": 1,
        "problems": [
            {
                "path": str(LONE),
                "line": 3,
                "key": "turns.b",
                "message": "no branch leads to this turn.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "profiles", "status"),
    [
        ((), None, 1),
        (("--profile", "quick"), None, 0),
        ((), lambda: ("quick",), 0),
        (("--profile", "slow"), lambda: ("slow",), 1),
    ],
)
def test_check_knows_the_profiles(
    golden: Path,
    arguments: tuple[str, ...],
    profiles: Callable[[], Collection[str]] | None,
    status: int,
) -> None:
    """Those that exist and those that are named."""
    write(golden, "talk.yaml", b"turns: {a: {reply: x, profile: quick}}")

    assert run("check", "talk", *arguments, profiles=profiles) == status


@pytest.mark.parametrize(("faults", "status"), [(None, 0), (lambda: ("reset",), 1)])
def test_check_knows_the_faults(
    golden: Path, faults: Callable[[], Collection[str]] | None, status: int
) -> None:
    """Where somebody tells them."""
    write(golden, "talk.yaml", b"turns: {a: {reply: x, faults: [rest]}}")

    assert run("check", "talk", faults=faults) == status


def test_check_may_be_told_a_fault(golden: Path) -> None:
    """Which a conftest.py registers."""
    write(golden, "talk.yaml", b"turns: {a: {reply: x, faults: [own]}}")

    assert run("check", "talk", "--fault", "own", faults=lambda: ("reset",)) == 0


def test_check_knows_the_tables_of_the_project(golden: Path) -> None:
    """Its profiles, and the faults that there are."""
    (golden.parent / "pyproject.toml").write_text(
        "[tool.understudy.profiles.quick]\nthink_ms = 1\nper_line_ms = 1\n"
    )
    write(golden, "talk.yaml", b"turns: {a: {reply: x, profile: quick, faults: [reset]}}")
    write(golden, "other.yaml", b"turns: {a: {reply: x, faults: [rest]}}")

    assert main(["scenarios", "check", "talk"]) == 0
    assert main(["scenarios", "check", "other"]) == 1


def test_check_takes_files_as_a_commit_hook_names_them(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of its folder; of another one it cannot say what would be played."""
    (golden / "shop").mkdir()
    write(golden / "shop", "talk.yaml", b"turns: {a: {reply: x, faults: [rest]}}")
    write(golden, "mine.jsonl", b"1\n")
    write(golden.parent, "other.jsonl", b"1\n")

    assert main(["scenarios", "check", "golden/shop/talk.yaml", "golden/mine.jsonl"]) == 1
    assert "2 scenarios checked, 1 problem" in capsys.readouterr().out
    assert main(["scenarios", "check", "other.jsonl"]) == 2
    assert "other.jsonl: it is not below golden" in capsys.readouterr().err
