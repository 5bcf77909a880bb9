"""`understudy gate --samples`."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cli._gate import add_parser
from understudy.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file: by key, the level in ms of each run, or its samples."""

    def write(name: str, **runs: list[float | list[float]]) -> str:
        random = Random(name)
        rows = []
        for key, levels in runs.items():
            for number, level in enumerate(levels):
                samples = level
                if not isinstance(level, list):
                    samples = [level * random.uniform(0.99, 1.01) for _ in range(10)]
                rows.append({"key": key, "run": f"{name}-{number}", "samples_ms": samples})
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return str(path)

    return write


def gate(*arguments: str) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["gate", *arguments])
    status: int = parsed.run(parsed)
    return status


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


BASELINE: list[float | list[float]] = [100, 101, 99, 100, 100.5]


def test_one_object_a_line_for_each_key(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of the files, with these six fields."""
    before = write("before", same=BASELINE, slow=BASELINE, gone=BASELINE)
    now = write("now", slow=[130], same=[100], added=[5])
    again = write("again", slow=[131, 129, 130, 130])

    status = gate("--samples", before, now, "--confirm", again, "--json")

    found = rows(capsys)
    assert status == 1
    assert [list(row) for row in found] == [
        ["key", "verdict", "ratio", "p", "q", "mde_percent"]
    ] * 4
    assert [(row["key"], row["verdict"]) for row in found] == [
        ("same", "PASS"),
        ("slow", "FAIL"),
        ("gone", "MISSING"),
        ("added", "NEW"),
    ]
    assert found[1]["ratio"] == pytest.approx(1.3, abs=0.02)
    assert found[1]["p"] < 0.0003
    assert found[1]["q"] <= 0.05
    assert found[3]["ratio"] is None


def test_an_unchanged_run_is_green(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 0, nothing on stderr."""
    status = gate("--samples", write("before", test=BASELINE), write("now", test=[100]))

    assert status == 0
    assert capsys.readouterr().err == ""


def test_a_flagged_key_without_fresh_runs_is_green_unless_strict(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says what to do."""
    files = ("--samples", write("before", test=BASELINE), write("now", test=[130]))

    assert gate(*files) == 0
    assert gate(*files, "--strict") == 1
    captured = capsys.readouterr()
    assert "INCONCLUSIVE" in captured.out
    assert "pass --confirm FILE" in captured.err


def test_the_table_names_the_worst_first(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """With what the verdict rests on."""
    before = write("before", same=BASELINE, slow=BASELINE, added=[])
    now = write("now", slow=[130], same=[100], added=[100])

    gate("--samples", before, now, "--confirm", write("again", slow=[130] * 4))

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["verdict", "ratio", "p", "q", "finds", "test"]
    assert lines[1].startswith("FAIL     ")
    assert lines[1].endswith("slow")
    assert lines[2] == "    slower by more than 5 %, in 4 fresh runs"
    assert lines[3].endswith("same")
    assert lines[4].split() == ["NEW", "-", "-", "-", "-", "added"]


def test_the_margin_is_a_percentage(write: Write) -> None:
    """Thirty per cent may be what was asked for."""
    files = ("--samples", write("before", test=BASELINE), write("now", test=[130]))
    confirm = ("--confirm", write("again", test=[130] * 4))

    assert gate(*files, *confirm, "--margin", "5%") == 1
    assert gate(*files, *confirm, "--margin", "40 %") == 0
    assert gate(*files, *confirm, "--margin", "0.4") == 0


@pytest.mark.parametrize("margin", ["5", "-5%", "five", "nan%", "inf%", ""])
def test_a_margin_that_is_no_percentage_is_wrong_usage(
    margin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """5 might mean 5 % or 500 %."""
    with pytest.raises(SystemExit) as stopped:
        gate("--samples", "a", "b", f"--margin={margin}")

    assert stopped.value.code == 2
    assert "write 5% or 0.05" in capsys.readouterr().err


def test_a_test_too_noisy_for_the_user_is_inconclusive(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says how large a slowdown would have to be."""
    before = write("before", test=[100, 120, 90, 130, 80])

    assert gate("--samples", before, write("now", test=[100]), "--max-mde", "20%", "--strict") == 1
    assert "too noisy: would find no less than +" in capsys.readouterr().out


def test_nothing_to_compare_is_not_green(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """A gate that measured nothing has not passed: it could not look."""
    status = gate("--samples", write("before"), write("now", test=[100]))

    assert status == 2
    assert "nothing was compared" in capsys.readouterr().err


def test_a_suite_that_moved_is_told(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr, as it is no verdict of a key; and it is red."""
    names = [f"test_{number}" for number in range(12)]
    before = write("before", **{name: [100, 101, 99, 100, 100.5] for name in names})
    now = write("now", **{name: [150] for name in names})

    assert gate("--samples", before, now) == 1
    assert "the suite as a whole moved by +" in capsys.readouterr().err


def test_a_line_that_comes_again_counts_once(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that was appended to itself is no surer of anything."""
    before = Path(write("before", test=BASELINE))
    files = ("--samples", str(before), write("now", test=[100]), "--json")

    gate(*files)
    before.write_text(before.read_text() * 2)
    gate(*files)

    once, twice = rows(capsys)
    assert once == twice


def test_every_other_line_is_a_run(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever it calls itself: four fresh runs may have one name."""
    again = Path(write("again", test=[130, 131, 129, 130]))
    again.write_text(re.sub("again-[0-9]", "again", again.read_text()))

    gate(
        "--samples",
        write("before", test=BASELINE),
        write("now", test=[130]),
        "--confirm",
        str(again),
    )

    assert "in 4 fresh runs" in capsys.readouterr().out


@pytest.mark.parametrize(
    "samples", [[0.0] * 10, [-1.0], [], [float("nan")], [float("inf")], [10**400]]
)
def test_a_candidate_that_is_no_measurement_is_missing(
    samples: list[float], write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Zero, negative, infinite, not a number, none at all: red."""
    status = gate(
        "--samples", write("before", test=BASELINE), write("now", test=[samples]), "--json"
    )

    assert status == 1
    assert rows(capsys)[0]["verdict"] == "MISSING"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"run": 1, "samples_ms": [1]}', "key is missing"),
        ('{"key": "a", "samples_ms": [1]}', "run is missing"),
        ('{"key": "a", "run": 1}', "samples_ms is missing"),
        ('{"key": 1, "run": 1, "samples_ms": [1]}', "key is a text, not 1"),
        ('{"key": "a", "run": null, "samples_ms": [1]}', "run is a text or a whole number"),
        ('{"key": "a", "run": true, "samples_ms": [1]}', "run is a text or a whole number"),
        ('{"key": "a", "run": 1, "samples_ms": 5}', "samples_ms is a list"),
        ('{"key": "a", "run": 1, "samples_ms": ["5"]}', 'holds "5", which is not a number'),
        ('{"key": "a", "run": 1, "samples_ms": [null]}', "holds null, which is not a number"),
    ],
)
def test_a_bad_line_names_file_and_line(
    line: str, fault: str, write: Write, tmp_path: Path
) -> None:
    """Wrong usage, with what a line looks like."""
    now = tmp_path / "now.jsonl"
    now.write_text(f'{{"key": "a", "run": 1, "samples_ms": [1]}}\n\n{line}\n')

    with pytest.raises(SettingsError) as raised:
        gate("--samples", write("before", a=BASELINE), str(now))

    assert f"{now}, line 3: " in str(raised.value)
    assert fault in str(raised.value)
    assert "A line looks like" in str(raised.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(
    content: bytes | None, write: Write, tmp_path: Path
) -> None:
    """Wrong usage as well."""
    path = tmp_path / "baseline.jsonl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SettingsError, match=r"cannot read .*baseline\.jsonl"):
        gate("--samples", str(path), write("now", a=[1]))
