"""Where the figures of the past stand."""

from __future__ import annotations

from shutil import rmtree
from typing import TYPE_CHECKING

from tests.unit.gates.sample_gate import NOON, TEST, UPDATE, call, measured, prices, run_facts

from understudy.gates import METRICS, Baselines
from understudy.gates.policy import Policy

if TYPE_CHECKING:
    from pathlib import Path


def test_the_baseline_is_read_once(tmp_path: Path) -> None:
    """Whoever asks later hears the same."""
    written = Baselines(tmp_path / "baseline", root=tmp_path)
    written.accept(measured(call()), run_facts(TEST), UPDATE)
    baselines = Baselines(tmp_path / "baseline", root=tmp_path)

    known = set(baselines.reviewed.tests)
    rmtree(tmp_path / "baseline")
    gate = baselines.gate(metrics=METRICS, policy=Policy(), prices=prices(), at=NOON)

    assert known == {TEST} == set(gate.baseline.tests)


def test_a_module_whose_file_is_not_there_is_gone(tmp_path: Path) -> None:
    """So that what is missing can be told from what was not selected."""
    baselines = Baselines(tmp_path / "baseline", root=tmp_path)
    baselines.accept(measured(call()), run_facts(TEST), UPDATE)
    module = TEST.partition("::")[0]
    (tmp_path / module).parent.mkdir(parents=True, exist_ok=True)

    again = Baselines(tmp_path / "baseline", root=tmp_path)

    assert again.gone() == {module}
    (tmp_path / module).touch()
    assert again.gone() == frozenset()


def test_only_live_figures_are_added_to_the_runs_of_this_machine(tmp_path: Path) -> None:
    """Mocked ones are the reviewed baseline's."""
    baselines = Baselines(tmp_path / "baseline", root=tmp_path)

    added = [
        baselines.add_run(measured(call(origin=origin, clock="real")), "run", UPDATE)
        for origin in ("mocked", "live")
    ]

    assert added == [False, True]
    assert list(baselines.past_folder.glob("*.jsonl"))
