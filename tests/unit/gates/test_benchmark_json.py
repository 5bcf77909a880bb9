"""pytest-benchmark's JSON, both ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.gates.sample_gate import TEST, baseline_of, call, estimate, measured

from understudy.gates import BaselineError, as_benchmarks, extra_info, read_benchmarks

if TYPE_CHECKING:
    from pathlib import Path


def save(path: Path, *benchmarks: dict[str, Any]) -> Path:
    """Write what pytest-benchmark would."""
    path.write_text(json.dumps({"benchmarks": benchmarks}))
    return path


def test_figures_come_back_from_a_saved_run(tmp_path: Path) -> None:
    """All that the gate needs."""
    made = call()
    figures = measured(made, estimates=[estimate(made, 90)])[TEST]
    figures.pairs = []
    saved = save(
        tmp_path / "0001.json", {"fullname": TEST, "extra_info": extra_info(figures, figures)}
    )

    assert read_benchmarks(saved) == {TEST: figures}


def test_flat_figures_have_their_unit_in_their_name() -> None:
    """For its tables and for people."""
    made = call()
    figures = measured(made, estimates=[estimate(made, 90)])[TEST]
    flat = extra_info(figures, figures)
    own = measured(call())[TEST]
    own.values["own"] = 3

    assert flat["llm_input_tokens"] == 1000
    assert flat["llm_cost_usd"] == 0.0012
    assert flat["llm_ttfc_ms"] == 300
    assert flat["llm_ms_per_token"] == 13
    assert flat["llm_smape_percent"] == 10.5263
    assert extra_info(own, own)["llm_own"] == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "no saved run of pytest-benchmark"),
        ("[]", "no saved run of pytest-benchmark"),
        ("{}", "no saved run of pytest-benchmark"),
        ('{"benchmarks": [{"extra_info": {"understudy": {}}}]}', "no saved run"),
        ('{"benchmarks": []}', "none of its benchmarks used the fixture llm_benchmark"),
        ('{"benchmarks": [{"fullname": "t"}]}', "none of its benchmarks used"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    """With its name."""
    path = tmp_path / "saved.json"
    path.write_text(text)

    with pytest.raises(BaselineError, match=problem):
        read_benchmarks(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(BaselineError, match="cannot be read"):
        read_benchmarks(tmp_path / "none.json")


def test_a_baseline_is_a_run_to_compare_with() -> None:
    """Of the tests with a latency on the virtual clock, in seconds."""
    baseline = baseline_of(call(), call("t.py::test_b", clock="real"))

    document = as_benchmarks(baseline.tests.values(), at="2026-11-20")

    (benchmark,) = document["benchmarks"]
    assert benchmark["fullname"] == TEST
    assert benchmark["stats"]["mean"] == 1.3
    assert benchmark["extra_info"]["llm_calls"] == 1
