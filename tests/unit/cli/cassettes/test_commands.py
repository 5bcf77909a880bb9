"""`understudy cassettes list|scrub|check|orphans`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from understudy.cassettes._state import State
from understudy.cassettes.played import PlayedInteractions
from understudy.cli import main

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-proj-Planted0123456789abcdefXYZ"


def interaction(text: str = "Hi", **headers: str) -> dict[str, Any]:
    """Return a recorded chat, as vcrpy writes it."""
    return {
        "request": {
            "method": "POST",
            "uri": "https://api.openai.com/v1/chat/completions",
            "headers": {name: [value] for name, value in headers.items()},
            "body": json.dumps(
                {"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}
            ),
        },
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"Content-Type": ["application/json"]},
            "body": {"string": json.dumps({"model": "gpt-4o-2024", "choices": []})},
            "llm_recorded_at": "2026-03-01T00:00:00Z",
        },
    }


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests/cassettes").mkdir(parents=True)
    return tmp_path


def cassette(folder: Path, name: str, *interactions: dict[str, Any]) -> Path:
    path = folder / "tests/cassettes" / name
    path.write_text(yaml.safe_dump({"interactions": list(interactions), "version": 1}))
    return path


def test_list_shows_a_row_for_each_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below the working directory; other files and hidden folders are passed over."""
    cassette(project, "a.yaml", interaction("a"), interaction("b"))
    cassette(project, "b.yaml")
    (project / "config.yaml").write_text("a: 1\n")
    (project / ".hidden").mkdir()
    (project / ".hidden/c.yaml").write_text("interactions: []\nversion: 1\n")

    assert main(["cassettes", "list", "--json"]) == 0

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["file"] == "tests/cassettes/a.yaml"
    assert (first["interactions"], first["models"]) == (2, ["gpt-4o-2024"])
    assert first["recorded_at"] == "2026-03-01T00:00:00+00:00"
    assert first["age_days"] > 0
    assert (second["interactions"], second["age_days"]) == (0, None)


def test_list_is_readable(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a file."""
    cassette(project, "a.yaml", interaction())

    assert main(["cassettes", "list"]) == 0

    line = capsys.readouterr().out
    assert line.startswith("tests/cassettes/a.yaml     1 call")
    assert "gpt-4o-2024" in line


def test_list_goes_on_after_a_bad_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, and the status is 2: it could not be looked at."""
    cassette(project, "b.yaml", interaction())
    (project / "tests/cassettes/a.yaml").touch()

    assert main(["cassettes", "list"]) == 2

    told = capsys.readouterr()
    assert "a.yaml: the file is empty" in told.err
    assert "b.yaml" in told.out


@pytest.mark.parametrize(
    "command", [["show"], ["list"], ["check"], ["scrub", "--check"], ["verify"]]
)
def test_a_command_that_looks_writes_nothing(
    project: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Not beside a large cassette either; and it sees what a killed process left."""
    path = cassette(project, "a.yaml", interaction("x" * 100_000))
    state = State.of(path, project / ".understudy")
    state.folder.mkdir(parents=True)
    (state.folder / "once-1-a.jsonl").write_text(json.dumps(interaction("left")) + "\n")
    before = {each: each.read_bytes() for each in project.rglob("*") if each.is_file()}

    main(["cassettes", *command, str(path), "--json"])

    assert {each: each.read_bytes() for each in project.rglob("*") if each.is_file()} == before
    if command == ["show"]:
        assert len(capsys.readouterr().out.splitlines()) == 2


def test_nothing_to_list(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Says so."""
    assert main(["cassettes", "list"]) == 0
    assert capsys.readouterr().out == "no cassettes\n"


@pytest.mark.parametrize("command", ["list", "check", "scrub", "orphans"])
@pytest.mark.parametrize("name", ["none.yaml", "a" * 400])
def test_a_path_that_is_none_is_an_error(
    project: Path, command: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, however long it is."""
    PlayedInteractions().write(project / ".understudy/cassettes-played.json")

    assert main(["cassettes", command, name]) == 2
    assert f"{name}: cannot be read" in capsys.readouterr().err


def test_scrub_check_fails_where_something_would_change(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And writes nothing."""
    path = cassette(project, "a.yaml", interaction(KEY, Authorization=f"Bearer {KEY}"))
    before = path.read_bytes()

    assert main(["cassettes", "scrub", "--check", str(path)]) == 1

    told = capsys.readouterr().out
    assert "1 file, 1 would change" in told
    assert "1  OpenAI key" in told
    assert "Planted" not in told
    assert path.read_bytes() == before


def test_scrub_cleans_what_check_then_passes(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts by kind, as JSON too."""
    path = cassette(project, "a.yaml", interaction(KEY, Authorization=f"Bearer {KEY}"))
    assert main(["cassettes", "check"]) == 1
    assert "looks like a secret" in capsys.readouterr().out

    assert main(["cassettes", "scrub", "tests", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {"OpenAI key": 1, "authorization header": 1}
    assert "Planted" not in path.read_text()
    assert main(["cassettes", "scrub", "--check", "tests"]) == 0
    assert main(["cassettes", "check"]) == 0


def test_scrub_goes_on_after_a_bad_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, and the status is 2."""
    (project / "tests/cassettes/a.yaml").touch()
    path = cassette(project, "b.yaml", interaction(KEY))

    assert main(["cassettes", "scrub", "tests"]) == 2

    assert "a.yaml: the file is empty" in capsys.readouterr().err
    assert "Planted" not in path.read_text()


def test_check_tells_problems_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line; settings of the project count; a note fails only if strict."""
    (project / "pyproject.toml").write_text('[tool.understudy.cassettes]\nmax_age = "7d"\n')
    cassette(project, "a.yaml", interaction("a"), interaction("a"))

    assert main(["cassettes", "check", "--json"]) == 0
    assert main(["cassettes", "check", "--json", "--strict"]) == 1

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["kind"], each["fatal"]) for each in told[:2]] == [
        ("expired", False),
        ("duplicate", False),
    ]


def test_wrong_settings_are_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, with the file and the key."""
    (project / "pyproject.toml").write_text("[tool.understudy.cassettes.redaction]\nkees = []\n")
    cassette(project, "a.yaml", interaction())

    assert main(["cassettes", "check"]) == 2
    assert "Did you mean 'keys'" in capsys.readouterr().err


def test_orphans_compares_with_the_last_run(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that no test names, interactions that nothing played."""
    known = cassette(project, "a.yaml", interaction("a"), interaction("b"))
    cassette(project, "b.yaml", interaction())
    plays = PlayedInteractions(folders=["."])
    plays.names(known, "test_it")
    plays.played(known, 0)
    plays.ended(known, "test_it", passed=True)
    plays.write(project / ".understudy/cassettes-played.json")

    assert main(["cassettes", "orphans"]) == 1
    assert main(["cassettes", "orphans", "--json"]) == 1

    told = capsys.readouterr().out
    lines = told.splitlines()
    assert lines[0] == "tests/cassettes/b.yaml: no collected test names it"
    assert lines[1].startswith("tests/cassettes/a.yaml [1]: never played: POST https://api.openai")
    assert json.loads(told[told.index("{") :])["files"] == ["tests/cassettes/b.yaml"]


def test_orphans_needs_a_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what to do."""
    assert main(["cassettes", "orphans"]) == 2
    assert "no run has left a record" in capsys.readouterr().err


def test_nothing_left_over(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A partial run judges no file, and says so."""
    cassette(project, "b.yaml", interaction())
    PlayedInteractions().write(project / ".understudy/cassettes-played.json")

    assert main(["cassettes", "orphans"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "the last run collected a part of the tests: nothing was judged",
        "nothing is left over",
    ]
