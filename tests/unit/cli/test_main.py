"""What the command says of wrong words, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from understudy.cli import main


def run_python(*arguments: str, cwd: Path) -> str:
    """Run Python in a process of its own; return what it printed."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str]:
    """Return the exit status of wrong usage and what was written."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    captured = capsys.readouterr()
    return left.value.code, captured.out + captured.err


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["statz"], "unknown command 'statz'. Did you mean 'stats'?"),
        (["cassettes", "chek"], "unknown command 'chek'. Did you mean 'check'?"),
        (["export", "--table", "cals"], "unknown word 'cals' in --table. Did you mean 'calls'?"),
        (["strata", "--sicne=5d"], "Did you mean --since?"),
        (["stats", "--sinse", "5d"], "unrecognized arguments: --sinse 5d"),
    ],
)
def test_what_was_probably_meant_is_named(
    capsys: pytest.CaptureFixture[str], arguments: list[str], near: str
) -> None:
    """Commands, the words of an option, and options."""
    status, text = told(capsys, *arguments)

    assert status == 2
    assert near in text


def test_an_option_of_another_command_is_told_with_the_usage_of_this_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And with the commands that have it."""
    status, text = told(capsys, "stats", "--since", "5d")

    assert status == 2
    assert text.startswith("usage: understudy stats [-h]")
    assert "unrecognized arguments: --since 5d. --since is an option of: understudy strata" in text


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    """As pip knows it."""
    assert told(capsys, "--version") == (0, f"pytest-understudy {version('pytest-understudy')}\n")


def test_a_command_for_commit_hooks_loads_what_it_needs(tmp_path: Path) -> None:
    """Each commit waits for it: neither pytest, nor event loops, nor the other commands."""
    slow = {"pytest", "asyncio", "genai_prices", "understudy.gates", "understudy.cli._stats"}
    (tmp_path / "golden").mkdir()
    (tmp_path / "golden" / "talk.yaml").write_text("turns: {a: {reply: x, profile: slow}}")
    script = (
        "import sys; from understudy.cli import main; main(['cassettes', 'check', '.']);"
        f" print({{'pydantic_core'}} & {{*sys.modules}}); main(['scenarios', 'check', 'talk']);"
        f" print({slow} & {{*sys.modules}})"
    )

    said = run_python("-c", script, cwd=tmp_path)

    assert said.splitlines() == [
        "0 files, 0 problems, 0 of them fail the check",
        "set()",
        "1 scenario checked, 0 problems",
        "set()",
    ]


def test_an_unclean_word_is_shown_clean(capsys: pytest.CaptureFixture[str]) -> None:
    """In a message about the command line too."""
    status, text = told(capsys, "stats", "x\x1b[31m\nFAKE\u202e")

    assert (status, text.splitlines()[-1]) == (
        2,
        "understudy stats: error: unrecognized arguments: x?[31m FAKE?",
    )


@pytest.mark.parametrize("group", ["cassettes", "profile", "scenarios", "baseline"])
def test_each_group_says_what_it_is_about(capsys: pytest.CaptureFixture[str], group: str) -> None:
    """In a sentence, above its commands; the placeholder is the same for all."""
    _, text = told(capsys, group, "--help")

    usage, about, commands = text.split("\n\n")[:3]
    assert usage == f"usage: understudy {group} [-h] COMMAND ..."
    assert about.endswith(".")
    assert commands.startswith("options:")


def test_help_ends_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """Those of the command, or of all commands of a group."""
    _, text = told(capsys, "cassettes", "check", "--help")
    _, group = told(capsys, "baseline", "--help")

    assert text.endswith(
        "\nexamples:\n  understudy cassettes check\n"
        "  understudy cassettes check --strict tests/cassettes\n"
    )
    assert group.endswith("  understudy baseline selftest\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["stats", "--store", "none.db"],
        ["stats", "--store", "file.txt"],
        ["strata", "--run", "nope", "--store", "none.db"],
        ["scenarios", "show", "nope"],
        ["cassettes", "list", "nope"],
        ["cassettes", "show", "nope.yaml"],
        ["cassettes", "orphans"],
        ["profile", "fit", "nope"],
        ["baseline", "show"],
        ["baseline", "diff", "--store", "none.db"],
        ["replay", "--estimator", "nope:nope", "--store", "none.db"],
        ["gate", "--samples", "a", "b"],
        ["gate", "--samples", ".", "b"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_looked_at_ends_with_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    """1 is for what was looked at and is wrong. In words, without the numbers of the system."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.txt").write_text("no store\n" * 100)

    assert main(arguments) == 2

    captured = capsys.readouterr()
    assert captured.out + captured.err
    assert "Errno" not in captured.out + captured.err
    assert "Traceback" not in captured.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device here")
@pytest.mark.parametrize(
    "arguments", [["scenarios", "list"], ["baseline", "selftest", "--json"], ["--version"]]
)
def test_an_output_that_cannot_be_written_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Whatever wanted to write there."""
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(arguments) == 2

    assert capsys.readouterr().err == (
        "understudy: what was found cannot be written: No space left on device. Is the disk full?\n"
    )


def test_a_path_that_the_system_refuses_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a command did not foresee it."""

    def refused(_: object) -> int:
        raise PermissionError(13, "Permission denied", "a\x1b.yaml")

    monkeypatch.setattr("understudy.cli._stats._show", refused)

    assert main(["stats"]) == 2
    assert capsys.readouterr().err == (
        "understudy: a?.yaml: cannot be read or written: Permission denied\n"
    )
