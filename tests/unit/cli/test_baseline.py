"""`understudy baseline`: show, diff, accept, selftest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.gates.sample_gate import OTHER, TEST, call, measured, run_facts

from understudy.cli import main
from understudy.gates.baseline import Baseline, Update, accepted, read_baseline, write_baseline
from understudy.store import Phase, Run, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.events import CallEvent

UPDATE = Update(date="2026-11-20", commit="3502d2eaaaaaaaaaa", author="Ann", reason="first")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of a project whose tests stand where they should."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UNDERSTUDY_BASELINE", raising=False)
    monkeypatch.delenv("UNDERSTUDY_STORE", raising=False)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_bot.py").touch()
    prices = "[tool.understudy.prices]\ncheap = {input = 1, output = 2}\n"
    (tmp_path / "pyproject.toml").write_text(prices)
    return tmp_path


def record(folder: Path, *calls: CallEvent) -> None:
    """Write a baseline."""
    ran = run_facts(*sorted({each.phase_id or "" for each in calls}))
    figures = measured(*calls, run_facts=ran)
    files = accepted(Baseline(), figures, ran, UPDATE).files
    write_baseline(folder / "llm-baseline", files)


def store(*calls: CallEvent, outcome: Any = "passed", options: list[str] | None = None) -> None:
    """Write a run into the store."""
    with open_store(".understudy/telemetry.db") as opened:
        number = len(opened.runs())
        run = Run(run_id=f"run{number}", started=calls[0].ts, options=options)
        opened.write_run(run)
        ids = sorted({each.phase_id or "" for each in calls})
        opened.write_phases(
            Phase(run_id=run.run_id, phase_id=name, outcome=outcome) for name in ids
        )
        opened.write_events(each.model_copy(update={"run_id": run.run_id}) for each in calls)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was printed."""
    return capsys.readouterr().out


def test_show_prints_figures_and_who_accepted_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With their units and circumstances."""
    record(folder, call(), call(OTHER))

    assert main(["baseline", "show", "*refund"]) == 0

    text = told(capsys)
    assert "input_tokens        1,000 tokens" in text
    assert "ttfc                300 ms  (virtual:realistic_l2)" in text
    assert "accepted            first (Ann, 2026-11-20, on 3502d2eaaaaa)" in text
    assert OTHER not in text


def test_show_prints_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All of it."""
    record(folder, call())

    assert main(["baseline", "show", "--json"]) == 0

    (entry,) = json.loads(told(capsys))
    assert entry["test"] == TEST
    assert entry["values"]["input_tokens"] == 1000
    assert entry["update"]["reason"] == "first"


def test_show_without_figures_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """And says where it looked."""
    assert main(["baseline", "show"]) == 2
    assert "no figures in llm-baseline" in told(capsys)


def test_show_writes_a_run_for_pytest_benchmark(folder: Path) -> None:
    """Where it can."""
    record(folder, call())

    assert main(["baseline", "show", "--benchmark-json", "ours.json"]) == 0
    assert main(["baseline", "show", "--benchmark-json", "none/ours.json"]) == 2

    assert json.loads((folder / "ours.json").read_text())["benchmarks"][0]["fullname"] == TEST


def test_a_damaged_baseline_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With file and line."""
    (folder / "llm-baseline").mkdir()
    (folder / "llm-baseline/a.tsv").write_text("x")

    assert main(["baseline", "show"]) == 2
    assert "a.tsv:1: this is no baseline" in capsys.readouterr().err


def test_diff_judges_the_newest_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Red where the gate would be."""
    record(folder, call())
    store(call())

    green = main(["baseline", "diff"])
    green_text = told(capsys)
    store(call(input_tokens=1100))
    red = main(["baseline", "diff"])
    red_text = told(capsys)

    assert (green, red) == (0, 1)
    assert "figures compared" in green_text
    assert f"FAIL  {TEST}\n    cost $0.0012 -> $0.0013" in red_text
    assert "by a larger quantity" in red_text


def test_diff_of_a_named_run_prints_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those that passed with it."""
    record(folder, call())
    store(call())
    store(call(input_tokens=1100))

    assert main(["baseline", "diff", "--run", "run0", "--json"]) == 0

    assert {entry["verdict"] for entry in json.loads(told(capsys))} == {"PASS"}


@pytest.mark.parametrize(("strict", "status"), [([], 0), (["--strict"], 1)])
@pytest.mark.parametrize("option", [["--llm-profile=slow"], ["--llm-profile", "slow"]])
def test_diff_knows_the_profile_that_a_run_asked_for(
    folder: Path, strict: list[str], status: int, option: list[str]
) -> None:
    """From its command line: a warning, red where it is strict."""
    record(folder, call())
    store(call(profile="slow"), options=option)

    assert main(["baseline", "diff", *strict]) == status


def test_diff_misses_a_module_that_is_gone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its file is not there; what was selected, the store does not know."""
    record(folder, call(), call(OTHER), call("tests/test_old.py::test_a"))
    store(call())

    assert main(["baseline", "diff"]) == 1
    assert "MISSING  tests/test_old.py::test_a" in told(capsys)


def test_without_a_run_diff_says_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And with a wrong one which there are."""
    with open_store(".understudy/telemetry.db"):
        pass

    empty = main(["baseline", "diff"])
    store(call())
    wrong = main(["baseline", "diff", "--run", "x"])

    assert (empty, wrong) == (2, 2)
    said = capsys.readouterr().err
    assert "Run `pytest --llm-telemetry` first" in said
    assert "no run 'x'" in said


def test_accept_writes_the_figures_of_a_stored_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the tests that are meant, with a reason."""
    record(folder, call(), call(OTHER))
    store(call(input_tokens=1100), call(OTHER, input_tokens=1200))

    assert main(["baseline", "accept", TEST, "--reason", "longer  prompt"]) == 0

    assert "input_tokens of openai/cheap: 1,000 tokens -> 1,100 tokens" in told(capsys)
    after = read_baseline(folder / "llm-baseline")
    assert after.tests[TEST].values["input_tokens"] == 1100
    assert after.tests[OTHER].values["input_tokens"] == 1000
    updates = after.files["tests/test_bot.py"].updates
    assert updates["test_refund"].reason == "longer prompt"
    assert updates["test_order"].reason == "first"


def test_accept_prints_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What changed, where, and what was refused."""
    store(call())

    assert main(["baseline", "accept", "--reason", "first", "--json"]) == 0

    document = json.loads(told(capsys))
    assert document["files"] == ["llm-baseline/tests/test_bot.py.tsv"]
    assert document["changes"][0]["subject"] == TEST
    assert document["refused"] == []


def test_accepting_the_same_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And is no failure."""
    record(folder, call())
    store(call())

    assert main(["baseline", "accept", "--reason", "again"]) == 0
    assert told(capsys) == "nothing changed\n"


def test_a_failed_test_is_not_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    """The command fails with it."""
    store(call(), outcome="failed")

    assert main(["baseline", "accept", "--reason", "first"]) == 1
    assert f"{TEST}  not accepted: it did not pass" in told(capsys)


def test_accept_needs_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """For those who review it."""
    with pytest.raises(SystemExit) as ended:
        main(["baseline", "accept"])

    assert ended.value.code == 2


def test_selftest_proves_that_the_gate_goes_red(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Metric by metric."""
    record(folder, call())

    assert main(["baseline", "selftest"]) == 0

    text = told(capsys)
    assert "ok      cost                1 test      red, as it must be" in text
    assert "ok      unchanged           1 test      green, as it must be" in text


def test_selftest_fails_where_the_gate_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here it is red for what is recorded."""
    record(folder, call())
    (folder / "pyproject.toml").write_text("[tool.understudy.gates]\ncalls = {max = 0}\n")

    assert main(["baseline", "selftest", "--json"]) == 1

    proofs = {entry["metric"]: entry for entry in json.loads(told(capsys))}
    assert proofs["unchanged"]["missed"] == [TEST]
    assert proofs["cost"]["holds"] is True


def test_selftest_without_figures_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to prove it with."""
    assert main(["baseline", "selftest"]) == 2
    assert "no figures in llm-baseline" in told(capsys)
