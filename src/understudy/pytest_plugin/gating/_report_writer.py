"""The reports of `--llm-report`, the step summary and the annotations of GitHub."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

from ...durable import write_atomically
from ...reports import Line, summarise, summary_as_json
from ...reports.gates import (
    judgement_as_json,
    markdown,
    render_judgement,
    workflow_commands,
)
from ..run._summary import calls_of
from ._destinations import Destination

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ...gates import Judgement, RunFacts
    from ...reports import Summary
    from ...settings import Settings
    from ..run import FinishedRun

_STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"
_ACTIONS: Final = "GITHUB_ACTIONS"


class ReportWriter:
    """Writes what was found where it was asked for."""

    def __init__(
        self, config: Any, settings: Settings, end: FinishedRun, destinations: Sequence[Destination]
    ) -> None:
        self._config = config
        self._strict = settings.gate_strict
        self._end = end
        self._destinations = tuple(destinations)

    def write(
        self, judgement: Judgement | None, groups: Mapping[str, Mapping[str, float]]
    ) -> list[str]:
        """Write all reports, with the figures of groups; return what could not be written."""
        return list(self._problems(judgement, groups))

    def section(self, judgement: Judgement, run_facts: RunFacts) -> list[Line]:
        """Return the gate's section, with annotations where GitHub reads them."""
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        width = 80 if terminal is None else terminal._tw.fullwidth  # noqa: SLF001
        verbosity = self._config.get_verbosity()
        lines = render_judgement(judgement, width=width, verbosity=verbosity, strict=self._strict)
        if os.environ.get(_ACTIONS) == "true":
            lines += map(Line, workflow_commands(judgement, run_facts.tests, strict=self._strict))
        return lines

    def _problems(
        self, judgement: Judgement | None, groups: Mapping[str, Mapping[str, float]]
    ) -> Iterator[str]:
        wanted = [each for each in self._destinations if each.report_type != "term"]
        step_summary = os.environ.get(_STEP_SUMMARY)
        if step_summary and judgement is not None:
            wanted.append(Destination("markdown-append", step_summary))
        if not wanted:
            return
        summary = self._summary()
        document = {**self._document(summary, judgement), "groups": groups}
        for destination in dict.fromkeys(wanted):
            path = self._config.rootpath / destination.path
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if destination.report_type == "json":
                    write_atomically(path, json.dumps(document, indent=2) + "\n")
                else:
                    text = markdown(summary, judgement, strict=self._strict)
                    _write_markdown(path, text, append=destination.report_type == "markdown-append")
            except OSError as error:
                yield f"--llm-report={destination.report_type}: {path} cannot be written: {error}"

    def _document(self, summary: Summary, judgement: Judgement | None) -> dict[str, Any]:
        gate = None if judgement is None else judgement_as_json(judgement, strict=self._strict)
        return {"run_id": self._end.run_id, **summary_as_json(summary), "gate": gate}

    def _summary(self) -> Summary:
        merged, run_id = self._end.merged, self._end.run_id
        if merged is None:
            return summarise(())
        own = [estimate for estimate in merged.estimates if estimate.run_id == run_id]
        return summarise(calls_of(merged, run_id), estimates=own)


def _write_markdown(path: Path, text: str, *, append: bool) -> None:
    if append:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    else:
        write_atomically(path, text)
