"""What the suites of a contract found, for the matrix at the end of a run and for reports."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from ...reports import CONTRACT_TITLE, CheckResult, Line, render_contracts
from .._feature import Feature
from .._skip_reason import skip_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from ...reports import CheckOutcome
    from .._running_test import RunningTest

_CHECKS: Final = "checks"


class Contracts(Feature):
    """Notes what each check came to."""

    asked_by = frozenset({"llm_router_contract"})

    def __init__(self, config: pytest.Config) -> None:
        self.results: list[CheckResult] = []
        self._config = config

    def report(self, test: RunningTest, report: pytest.TestReport) -> None:
        """Take what a check came to, or what kept it from beginning."""
        about = getattr(getattr(test.item, "function", None), "check", None)
        is_last = report.when == "call" or (report.when == "setup" and not report.passed)
        if about is None or not is_last:
            return
        suite, _, name = test.item.nodeid.rpartition("::")
        outcome, reason = _outcome(report, about.capability)
        result = CheckResult(suite, name, about.capability, about.level, outcome, reason)
        self.results.append(result)

    def handover(self) -> dict[str, Any]:
        """Return what was found in a worker."""
        return {_CHECKS: [asdict(each) for each in self.results]}

    def has_news(self) -> bool:
        """Tell whether there is a matrix to be shown."""
        return bool(self.results)

    def take(self, handed: dict[str, Any]) -> None:
        """Take what was found in a worker."""
        self.results += [CheckResult(**each) for each in handed[_CHECKS]]

    def section(self) -> tuple[str, Sequence[Line]] | None:
        """Return the matrix."""
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        width = 80 if terminal is None else terminal._tw.fullwidth  # noqa: SLF001 - as elsewhere
        return CONTRACT_TITLE, render_contracts(self.results, width=width)


def _outcome(report: pytest.TestReport, capability: str) -> tuple[CheckOutcome, str]:
    if hasattr(report, "wasxfail"):
        return "known", str(report.wasxfail).removeprefix("reason: ")
    if report.passed:
        return "passed", ""
    if report.failed:
        return "failed", _first_line(report)
    reason = skip_reason(report.longrepr)
    lacks = reason.removeprefix(f"{capability}: ")
    return ("left_out", reason) if lacks == reason else ("lacks", lacks)


def _first_line(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(report.longrepr) if crash is None else str(crash.message)
    return text.partition("\n")[0].removeprefix("AssertionError: ").removeprefix("Failed: ")
