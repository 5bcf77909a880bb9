"""`llm_benchmark`: pytest-benchmark with what the measured calls used."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copy

import pytest
from tests.support.gated_suite import GatedSuite, figures, section

from understudy.cli import main

BENCHMARKS = """
    from app import ask, expected

    def test_speed(llm_benchmark, mock_llm, llm_estimate):
        mock_llm.reply("Tomorrow, dear customer.")

        def work(question):
            with llm_estimate(expected(question)):
                return ask(question)

        answer = llm_benchmark(work, "When?")

        assert answer["model"]
"""


@pytest.fixture
def saved(gated: GatedSuite) -> Path:
    """A saved run of pytest-benchmark on the virtual clock, made once for all."""
    gated.write(BENCHMARKS)
    kept, here = gated.kept / "saved.json", gated.path / "saved.json"
    if not kept.exists():
        options = *gated.options, "-p", "pytest_benchmark.plugin", f"--benchmark-json={kept}"
        assert gated.suite.run(*options, telemetry=False).ret == 0
    return Path(copy(kept, here))


def test_the_figures_of_one_round_are_saved_beside_the_seconds(saved: Path) -> None:
    """Both on the virtual clock."""
    (benchmark,) = json.loads(saved.read_text())["benchmarks"]

    assert benchmark["stats"]["rounds"] == 5
    assert benchmark["stats"]["mean"] == pytest.approx(0.3)
    assert benchmark["extra_info"]["llm_duration_ms"] == 300
    assert benchmark["extra_info"]["llm_calls"] == 1
    assert benchmark["extra_info"]["llm_smape_percent"] > 0
    assert benchmark["extra_info"]["understudy"]["how"] == "virtual:house"


def test_a_saved_run_becomes_the_baseline(
    gated: GatedSuite,
    saved: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of the very test that was measured."""
    monkeypatch.chdir(gated.path)

    status = main(["baseline", "accept", "--from-benchmark", str(saved), "--reason", "measured"])

    assert status == 0
    assert "test_it.py::test_speed  13 new figures" in capsys.readouterr().out
    text = (gated.baseline / "test_it.py.tsv").read_text()
    assert "test_speed\tduration\tvirtual:house\t1500000" in text


@pytest.mark.parametrize("options", [(), ("-n1",), ("--benchmark-disable",)], ids=" ".join)
def test_the_gate_is_green_with_that_baseline(
    gated: GatedSuite, saved: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """It judges the whole test, all rounds of it, as they are made with workers too."""
    monkeypatch.chdir(gated.path)
    main(["baseline", "accept", "--from-benchmark", str(saved), "--reason", "measured"])

    result = gated.gate("-p", "pytest_benchmark.plugin", *options)

    assert result.ret == 0
    assert set(figures(result)) == {"PASS"}


def test_our_baseline_is_a_run_to_compare_with(
    gated: GatedSuite, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--benchmark-compare` reads it."""
    monkeypatch.chdir(gated.path)
    main(["baseline", "accept", "--from-benchmark", str(saved), "--reason", "measured"])
    assert main(["baseline", "show", "--benchmark-json", "ours.json"]) == 0

    result = gated.suite.run_apart(
        *gated.options,
        "-p",
        "pytest_benchmark.plugin",
        "--benchmark-compare=ours.json",
        "--benchmark-compare-fail=mean:5%",
        telemetry=False,
    )

    assert result.ret == 0
    result.stdout.fnmatch_lines(["test_speed (ours)*300.0000 (1.0*)*"])


def test_without_pytest_benchmark_the_test_says_what_to_install(gated: GatedSuite) -> None:
    """Not a missing fixture somewhere inside."""
    gated.write(BENCHMARKS)

    result = gated.suite.run(telemetry=False)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*pip install 'pytest-understudy[[]benchmark]'*"])
    assert section(result) == ""
