"""`--llm-update-baseline`: today's figures become the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.gated_suite import REGRESSIONS, section

if TYPE_CHECKING:
    from tests.support.gated_suite import GatedSuite


def test_an_update_needs_a_reason(gated: GatedSuite) -> None:
    """A usage error without one."""
    result = gated.suite.run("--llm-update-baseline", telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert not gated.baseline.exists()


def test_an_update_prints_its_diff_and_is_green(gated: GatedSuite) -> None:
    """Then the gate is, too; the reason stands in the file."""
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])

    update = gated.accept("-n1", reason="the provider is flaky")
    gate = gated.gate()

    assert (update.ret, gate.ret) == (0, 0)
    assert "test_refund  attempts of openai/gpt-4o-mini: 2 -> 3 (+1, +50.0 %)" in section(update)
    assert "1 figure in 1 file changed (the provider is flaky)" in section(update)
    text = (gated.baseline / "test_it.py.tsv").read_text()
    assert "\tthe provider is flaky\n" in text
    assert "\tfirst\n" in text


def test_only_selected_tests_are_updated(gated: GatedSuite) -> None:
    """The others keep their figures, and fail."""
    gated.start()
    gated.change(*REGRESSIONS["longer prompt"])

    gated.accept("-k", "order")
    result = gated.gate()

    assert "test_order" not in section(result)
    assert "test_refund" in section(result)


def test_a_failed_test_is_not_accepted(gated: GatedSuite) -> None:
    """Its figures never enter; the run stays red by it."""
    gated.change(
        "test_it.py", 'ask("Where is my order?")', 'ask("Where is my order?")\n    assert False'
    )

    result = gated.accept()

    assert result.ret == 1
    assert "test_order  not accepted: it did not pass" in section(result)
    assert "test_order" not in (gated.baseline / "test_it.py.tsv").read_text()


def test_a_removed_test_leaves_the_baseline(gated: GatedSuite) -> None:
    """Of a module that was collected as a whole."""
    gated.start()
    gated.change("test_it.py", "def test_order", "def order")

    selected = gated.accept("-k", "refund")
    whole = gated.accept()

    assert "test_order" not in section(selected)
    assert "test_it.py::test_order  10 figures removed" in section(whole)


def test_an_update_without_calls_says_so(gated: GatedSuite) -> None:
    """Nothing was accepted, and nothing was lost."""
    gated.write("def test_idle():\n    pass\n")

    result = gated.accept()

    assert "nothing was accepted" in section(result)
    assert not gated.baseline.exists()


def test_the_folder_can_be_named(gated: GatedSuite) -> None:
    """Below rootdir."""
    gated.accept("--llm-baseline=figures")

    assert (gated.path / "figures/test_it.py.tsv").is_file()
    assert gated.gate("--llm-baseline=figures").ret == 0
    assert gated.gate().ret == 1


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan", "--setup-only"])
def test_tests_that_were_only_shown_keep_their_figures(gated: GatedSuite, option: str) -> None:
    """Nothing ran, so nothing is gone."""
    gated.start()
    before = (gated.baseline / "test_it.py.tsv").read_text()

    gated.accept(option)

    assert (gated.baseline / "test_it.py.tsv").read_text() == before
