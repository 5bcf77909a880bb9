"""The gate over live calls: runs of this machine, and fresh processes for what looks worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.gated_suite import GatedSuite, figures, section

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.suite import Suite

LIVE = """
    from ask import ask

    def test_live():
        ask()
"""


@pytest.fixture
def live(suite: Suite, kept_baselines: Path) -> GatedSuite:
    """A suite that asks the provider."""
    suite.write(LIVE)
    return GatedSuite(suite, kept_baselines, ())


def test_live_figures_are_judged_by_the_runs_of_this_machine(live: GatedSuite) -> None:
    """NEW, INCONCLUSIVE until there are three, then judged; tokens of live calls too."""
    first = live.gate()
    live.accept()
    second = live.gate()
    for _ in range(2):
        live.accept()
    third = live.gate()

    assert figures(first) == {"NEW": 1, "NO_COMPARISON": 1}
    assert figures(second)["INCONCLUSIVE"] > 0
    assert second.ret == 0
    assert "input_tokens" not in section(third)
    judged = figures(third)  # on a busy machine latencies may be worse, better or in doubt
    assert judged["PASS"] > 3
    assert sum(judged.values()) > 5
    assert judged.keys().isdisjoint({"NEW", "NO_COMPARISON"})
    (kept,) = (live.path / ".understudy/baseline-runs").glob("*.jsonl")
    assert len(kept.read_text().splitlines()) == 3


def test_another_machine_is_yellow(live: GatedSuite) -> None:
    """Its runs are known, and do not compare."""
    live.accept()
    (kept,) = (live.path / ".understudy/baseline-runs").glob("*.jsonl")
    kept.rename(kept.with_stem("0123456789ab"))

    result = live.gate()

    assert result.ret == 0
    assert figures(result) == {"ENV_MISMATCH": 1}
    assert "another machine" in section(result)


def test_what_looks_worse_is_run_again_in_fresh_processes(live: GatedSuite) -> None:
    """Three times the tokens, each time: it fails on what the fresh runs say."""
    for _ in range(4):
        live.accept()
    (kept,) = (live.path / ".understudy/baseline-runs").glob("*.jsonl")
    text = kept.read_text()
    assert '"input_tokens": [' in text
    live.suite.write(LIVE.replace("ask()", "ask(); ask(); ask()"))

    result = live.gate("--llm-gate-reruns=3")

    assert result.ret == 1
    assert figures(result)["FAIL"] >= 3
    assert "calls" in section(result)


def test_without_a_budget_live_calls_are_not_made_again(live: GatedSuite) -> None:
    """They cost money: it is not judged, or fails outright."""
    for _ in range(4):
        live.accept()
    live.suite.write(LIVE.replace("ask()", "ask(); ask(); ask()"))

    result = live.gate()

    assert figures(result).get("FAIL", 0) + figures(result).get("INCONCLUSIVE", 0) >= 3


def test_reruns_end_with_the_budget(live: GatedSuite) -> None:
    """What this run cost counts too."""
    for _ in range(4):
        live.accept()
    live.suite.write(LIVE.replace("ask()", "ask(); ask(); ask()"))

    result = live.gate("--llm-budget=0.00003")

    assert figures(result)


def test_a_failed_run_adds_nothing_to_them(live: GatedSuite) -> None:
    """Only green runs are a baseline."""
    live.suite.write(LIVE + "\n    def test_red():\n        assert False\n")

    live.accept()

    assert not (live.path / ".understudy/baseline-runs").exists()
