"""The reports of `--llm-report`, the step summary and the annotations of GitHub."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ....durable import write_atomically
from ....errors import SettingsError, UnknownNameError
from ....reports import Line, contracts_as_json, summarise, summary_as_json
from ....reports.gates import judgement_as_json, markdown, render_judgement, workflow_commands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ....events import CallEvent
    from ....gates import Judgement, RunFacts
    from ....reports import CheckResult
    from ....settings import Settings
    from ...run import FinishedRun

_STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"
_ACTIONS: Final = "GITHUB_ACTIONS"


_KIND: Final = "report"
_DEFAULTS: Final = MappingProxyType(
    {
        "term": "",
        "json": "llm-report.json",
        "markdown": "llm-report.md",
        "markdown-append": "",
        "prometheus": "llm-report.prom",
    }
)


@dataclass(frozen=True, slots=True)
class Destination:
    """One report: its type, and the file that it goes to, relative to rootdir or absolute."""

    report_type: str
    path: str


def destinations_of(reports: Iterable[str]) -> tuple[Destination, ...]:
    """Read `TYPE[:DEST]` of each report.

    Raises:
        SettingsError: a type is unknown, or needs a destination or a library.
    """
    return tuple(_destination(report) for report in reports)


def _destination(report: str) -> Destination:
    report_type, _, path = report.partition(":")
    if report_type == "html":
        msg = "--llm-report=html: there is no such report yet. Write json or markdown."
        raise SettingsError(msg)
    if report_type not in _DEFAULTS:
        raise UnknownNameError(_KIND, report_type, _DEFAULTS, where="--llm-report")
    if report_type == "term" and path:
        msg = f"--llm-report={report}: the terminal takes no destination. Write term."
        raise SettingsError(msg)
    if report_type == "markdown-append" and not path:
        msg = f"--llm-report={report}: name the file to append to, as in markdown-append:FILE."
        raise SettingsError(msg)
    if report_type == "prometheus":
        _metrics(())  # what is missing is said now, and not when all tests have run
    return Destination(report_type, path or _DEFAULTS[report_type])


class ReportWriter:
    """Writes what was found where it was asked for."""

    def __init__(
        self, config: Any, settings: Settings, destinations: Sequence[Destination]
    ) -> None:
        self._config = config
        self._strict = settings.gate_strict
        self._destinations = tuple(destinations)

    def write(
        self,
        run: FinishedRun,
        judgement: Judgement | None,
        groups: Mapping[str, Mapping[str, float]],
        contracts: Sequence[CheckResult] = (),
    ) -> list[str]:
        """Write all reports, with the figures of groups; return what could not be written."""
        return list(self._problems(run, judgement, groups, contracts))

    def section(self, judgement: Judgement, run_facts: RunFacts) -> list[Line]:
        """Return the gate's section, with annotations where GitHub reads them."""
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        width = 80 if terminal is None else terminal._tw.fullwidth  # noqa: SLF001
        verbosity = self._config.get_verbosity()
        told_above = self._config.getoption("tbstyle", "auto") != "no"
        passed = {name for name, test in run_facts.tests.items() if test.has_passed}
        lines = render_judgement(
            judgement,
            width=width,
            verbosity=verbosity,
            strict=self._strict,
            passed=passed if told_above else None,
        )
        if os.environ.get(_ACTIONS) == "true":
            lines += map(Line, workflow_commands(judgement, run_facts.tests, strict=self._strict))
        return lines

    def _problems(
        self,
        run: FinishedRun,
        judgement: Judgement | None,
        groups: Mapping[str, Mapping[str, float]],
        contracts: Sequence[CheckResult],
    ) -> Iterator[str]:
        wanted = [each for each in self._destinations if each.report_type != "term"]
        step_summary = os.environ.get(_STEP_SUMMARY)
        if step_summary and judgement is not None:
            wanted.append(Destination("markdown-append", step_summary))
        if not wanted:
            return
        summary = summarise(run.calls, estimates=run.estimates)
        gate = None if judgement is None else judgement_as_json(judgement, strict=self._strict)
        document = {
            "run_id": run.run_id,
            **summary_as_json(summary),
            "gate": gate,
            "groups": groups,
            "contracts": contracts_as_json(contracts),
        }
        for destination in dict.fromkeys(wanted):
            path = self._config.rootpath / destination.path
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if destination.report_type == "json":
                    write_atomically(path, json.dumps(document, indent=2) + "\n")
                elif destination.report_type == "prometheus":
                    # the node exporter runs as a user of its own
                    write_atomically(path, _metrics(run.calls), is_public=True)
                else:
                    text = markdown(summary, judgement, contracts, strict=self._strict)
                    _write_markdown(path, text, append=destination.report_type == "markdown-append")
            except OSError as error:
                why = error.strerror or error
                yield f"--llm-report={destination.report_type}: {path} cannot be written: {why}"


def _metrics(attempts: Sequence[CallEvent]) -> bytes:
    from ....reports.prometheus import run_metrics  # noqa: PLC0415 - only who asks for it

    return run_metrics(attempts)


def _write_markdown(path: Path, text: str, *, append: bool) -> None:
    if append:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    else:
        write_atomically(path, text)
