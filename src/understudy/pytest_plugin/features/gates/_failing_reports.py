"""The gate's failures as reports of tests, so that every plugin shows them as it shows others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from _pytest._code.code import ReprFileLocation, TerminalRepr

from ....errors import printable
from ....gates import what_to_do
from ....reports import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from _pytest._io import TerminalWriter

    from ....gates import Finding, RanTest

_NAME: Final = "llm_gate"


class GateFailure(TerminalRepr):
    """What stands where a test has its traceback."""

    def __init__(self, findings: list[Finding], path: str, line: int) -> None:
        self._findings = findings
        self.reprcrash = ReprFileLocation(path, line, _message(findings))

    def toterminal(self, tw: TerminalWriter) -> None:
        """Write each finding; what to do about all of them stands in the gate's section."""
        for finding in self._findings:
            for line in wrap(printable(finding.told), tw.fullwidth):
                tw.line(line, red=True)


def failing_reports(
    findings: Iterable[Finding], tests: Mapping[str, RanTest]
) -> Iterator[pytest.TestReport]:
    """Yield one failing report for each subject."""
    by_subject: dict[str, list[Finding]] = {}
    for finding in findings:
        by_subject.setdefault(finding.subject, []).append(finding)
    for subject, own in by_subject.items():
        yield _report(subject, own, tests.get(subject))


def _report(subject: str, findings: list[Finding], test: RanTest | None) -> pytest.TestReport:
    node_id = subject if "::" in subject else f"{_NAME}::{subject}"
    path, _, name = node_id.partition("::")
    line = test.line if test is not None and test.line is not None else 1
    failure: Any = GateFailure(findings, path, line)
    return pytest.TestReport(
        nodeid=node_id,
        location=(path, line - 1, f"{name} ({_NAME})"),
        keywords={_NAME: 1},
        outcome="failed",
        longrepr=failure,
        when="call",
    )


def _message(findings: list[Finding]) -> str:
    """Write the figures in one line, for short summaries; below it all, for files of JUnit."""
    figures = ", ".join(each.headline for each in findings)
    advice = [f"-> {each}" for each in what_to_do(findings)]
    lines = [f"{figures} ({_NAME})", *(each.told for each in findings), *advice]
    return "\n".join(map(printable, lines))
