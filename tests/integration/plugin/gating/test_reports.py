"""`--llm-report`, the step summary and the annotations of GitHub."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.gated_suite import REGRESSIONS, section

if TYPE_CHECKING:
    from tests.support.gated_suite import GatedSuite


def test_reports_hold_the_calls_and_the_verdicts(gated: GatedSuite) -> None:
    """JSON and Markdown, where they were asked for."""
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])

    result = gated.gate("--llm-report=json", "--llm-report=markdown:out/gate.md")

    report = json.loads((gated.path / "llm-report.json").read_text())
    assert report["totals"]["calls"] == 5
    assert report["groups"]["marker:slow"]["attempts"] == 3
    assert report["groups"]["run"]["calls"] == 5
    assert report["estimates"]["calls"] == 3
    assert report["gate"]["failed"] is True
    assert report["gate"]["counts"]["FAIL"] == 1
    assert report["gate"]["verdicts"][0]["metric"] == "attempts"
    assert report["run_id"] == gated.suite.stored().run.run_id
    text = (gated.path / "out/gate.md").read_text()
    assert "## LLM gate: red" in text
    assert "| `test_it.py::test_refund` | attempts | 2 -> 3" in text
    assert result.ret == 1


def test_a_report_needs_no_gate(gated: GatedSuite) -> None:
    """It implies telemetry, and judges nothing."""
    result = gated.suite.run("--llm-report=json:a.json", "--llm-report=term", telemetry=False)

    assert json.loads((gated.path / "a.json").read_text())["gate"] is None
    assert section(result) == ""
    assert result.ret == 0


def test_metrics_are_for_the_node_exporter(gated: GatedSuite) -> None:
    """Who runs as another user, and never reads half a file."""
    pytest.importorskip("prometheus_client")

    result = gated.suite.run("--llm-report=prometheus:metrics/llm.prom", telemetry=False)

    (file,) = (gated.path / "metrics").iterdir()
    assert 'llm_requests_total{agent_id="",cache_status="bypass",model=' in file.read_text()
    assert sys.platform == "win32" or file.stat().st_mode & 0o777 == 0o644
    assert result.ret == 0


def test_metrics_need_a_library(gated: GatedSuite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is said before any test runs."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    result = gated.suite.run("--llm-report=prometheus", telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*needs prometheus-client: pip install 'pytest-understudy[[]gateway]'*"]
    )


def test_markdown_is_appended(gated: GatedSuite) -> None:
    """What stands in the file stays."""
    (gated.path / "a.md").write_text("# Before\n")

    gated.suite.run("--llm-report=markdown-append:a.md", telemetry=False)

    assert (gated.path / "a.md").read_text().startswith("# Before\n## LLM calls")


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("html", "no such report yet"),
        ("jsonn", "unknown report 'jsonn'*Did you mean 'json'?"),
        ("markdown-append", "name the file to append to"),
        ("term:x", "the terminal takes no destination"),
    ],
)
def test_a_wrong_report_is_a_usage_error(gated: GatedSuite, report: str, said: str) -> None:
    """Before any test runs."""
    result = gated.suite.run(f"--llm-report={report}", telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{said}*"])


def test_a_report_that_cannot_be_written_is_red(gated: GatedSuite) -> None:
    """Somebody waits for it."""
    (gated.path / "folder").mkdir()

    result = gated.suite.run(
        "--llm-report=json:folder", "--llm-report=prometheus:folder", telemetry=False
    )

    assert result.ret == 1
    assert section(result).count("cannot be written") == 2


def test_github_gets_a_step_summary_and_annotations(
    gated: GatedSuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the environment has them."""
    gated.start()
    gated.change(*REGRESSIONS["one more retry"])
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(gated.path / "summary.md"))

    result = gated.gate()

    result.stdout.fnmatch_lines(
        ["::error file=test_it.py,line=*,title=LLM gate FAIL%3A test_it.py%3A%3Atest_refund::*"]
    )
    assert "## LLM gate: red" in (gated.path / "summary.md").read_text()
