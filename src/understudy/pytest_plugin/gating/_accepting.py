"""`--llm-update-baseline`: today's figures become the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...clock import utc_now
from ...gates import append_past_run, past_run, this_environment
from ...gates.baseline import accepted, change_lines, read_baseline, update_by_us, write_baseline
from ...reports import Line, count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

    from ...gates import Figures, RunFacts
    from ...gates.baseline import Accepted
    from ...settings import Settings
    from ._baseline_check import BaselineCheck


def accept_figures(
    config: pytest.Config,
    settings: Settings,
    check: BaselineCheck,
    figures: Mapping[str, Figures],
    run_facts: RunFacts,
    *,
    is_green: bool,
) -> list[Line]:
    """Write the figures of the tests that ran; return what changed, for the terminal.

    Live figures are added to the runs of this machine, of a green run only.

    Raises:
        BaselineError: the baseline cannot be read or written.
    """
    update = update_by_us(config.rootpath, reason=settings.reason or "", at=utc_now())
    outcome = accepted(read_baseline(check.folder), figures, run_facts, update)
    written = write_baseline(check.folder, outcome.files)
    lines = [Line(text) for text in change_lines(outcome.changes, check.metrics)]
    lines += [Line(text, {"yellow": True}) for text in _besides(outcome, figures)]
    changed = f"{count(len(outcome.changes), 'figure')} in {count(len(written), 'file')}"
    lines.append(Line(f"baseline {check.folder}: {changed} changed ({update.reason})"))
    run = past_run(
        figures,
        run_id=check.run_id,
        date=update.date,
        commit=update.commit,
        reason=update.reason,
    )
    if run is not None and is_green:
        append_past_run(check.past_folder, this_environment().fingerprint, run)
        lines.append(Line(f"baseline {check.past_folder}: added the live calls of this run"))
    return lines


def _besides(outcome: Accepted, figures: Mapping[str, Figures]) -> Iterator[str]:
    if not figures:
        yield "nothing was accepted: no test made an LLM call that was recorded"
    for subject in outcome.refused:
        yield f"{subject}  not accepted: it did not pass"
