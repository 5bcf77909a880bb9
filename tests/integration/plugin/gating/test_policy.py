"""What figures may do: the table, the marker, registered metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.gated_suite import PYPROJECT, REGRESSIONS, figures, section

if TYPE_CHECKING:
    from tests.support.gated_suite import GatedSuite


def test_the_table_allows_what_it_says(gated: GatedSuite) -> None:
    """For all tests, and for some of them."""
    (gated.path / "pyproject.toml").write_text(
        PYPROJECT + '\n[tool.understudy.gates.tests."*refund"]\nattempts = 1\n'
    )
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])

    assert gated.gate().ret == 0


def test_the_marker_allows_what_it_says(gated: GatedSuite, workers: tuple[str, ...]) -> None:
    """For its test; with workers too."""
    gated.change("test_it.py", "@pytest.mark.slow", "@pytest.mark.llm_gate(attempts=1)")
    gated.accept()
    gated.change(*REGRESSIONS["one more retry"])

    assert gated.gate(*workers).ret == 0


def test_a_group_has_its_own_rule(gated: GatedSuite) -> None:
    """Of a marker here."""
    (gated.path / "pyproject.toml").write_text(
        PYPROJECT
        + '\n[tool.understudy.gates]\nattempts = "off"\n'
        + '\n[tool.understudy.gates.groups."marker:slow"]\nattempts = {max = 2}\n'
    )
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])

    result = gated.gate()

    assert result.ret == 1
    result.stdout.fnmatch_lines(["FAILED llm_gate::marker:slow - attempts 3 (llm_gate)"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('cots = "+5%"', "unknown key 'cots' in *pyproject.toml*Did you mean 'cost'?"),
        (
            'cost = "much"',
            "*pyproject.toml, [[]tool.understudy.gates]: cost = 'much' is no allowance*",
        ),
    ],
)
def test_a_wrong_table_is_a_usage_error(gated: GatedSuite, line: str, said: str) -> None:
    """File, table and key."""
    (gated.path / "pyproject.toml").write_text(f"{PYPROJECT}\n[tool.understudy.gates]\n{line}\n")

    result = gated.gate()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{said}*"])


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("llm_gate", "llm_gate of test_it.py::test_refund: write it by metric*"),
        ("llm_gate('+5%')", "llm_gate of test_it.py::test_refund: write it by metric*"),
        ("llm_gate(cots=1)", "unknown metric 'cots' in llm_gate of test_it.py::test_refund*"),
        ("llm_gate(cost=-1)", "llm_gate of test_it.py::test_refund: cost = -1 is no allowance*"),
    ],
)
def test_a_wrong_marker_is_a_usage_error(gated: GatedSuite, marker: str, said: str) -> None:
    """Which marker of which test."""
    gated.change("test_it.py", "@pytest.mark.slow", f"@pytest.mark.{marker}")

    result = gated.gate()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{said}*"])


def test_a_worker_s_refusal_is_the_run_s(gated: GatedSuite) -> None:
    """The controller reads no test."""
    gated.change("test_it.py", "@pytest.mark.slow", "@pytest.mark.llm_gate(cots=1)")

    result = gated.gate("-n1")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*unknown metric 'cots' in llm_gate of test_it.py::test_refund*"])


def test_a_registered_metric_is_judged(gated: GatedSuite) -> None:
    """Beside ours."""
    gated.suite.pytester.makeconftest(
        """
        import understudy

        @understudy.hookimpl
        def register_metrics(register):
            register("failures", lambda calls: sum(c.status == "error" for c in calls))
        """
    )
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])

    result = gated.gate()

    assert "failures 1 -> 2" in section(result)
    assert figures(result)["FAIL"] == 2
