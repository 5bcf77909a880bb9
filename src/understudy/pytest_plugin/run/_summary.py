"""What is printed of the calls of a run, and of what went wrong at its end."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from ...calls import CHANGED
from ...errors import counted
from ...events import CallEvent
from ...pricing import explain
from ...reports import Line, none_seen, render_summary, summarise
from ...store import MergeReport, redact

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from pathlib import Path

    from ...app import Instrumentation
    from ...telemetry import Recorder
    from ._journal import RunJournal
    from ._merge import Merged


_SHOWN: Final = 3


def calls_of(report: MergeReport, run_id: str) -> list[CallEvent]:
    """Return the calls of one run among all that were merged."""
    calls = (event for event in report.events if isinstance(event, CallEvent))
    return [call for call in calls if call.run_id == run_id]


def summary_of(
    report: MergeReport,
    journal: RunJournal,
    instrumentation: Instrumentation,
    *,
    width: int,
    verbosity: int,
    is_asked: bool,
) -> list[Line]:
    """Return the summary of this run's calls, and of what was seen or merged besides.

    Where there is none, that is worth a word only if it `is_asked` for in this run.
    """
    summary = summarise(
        calls_of(report, journal.run_id),
        why_unpriced=lambda call: explain(call, instrumentation.prices),
        estimates=[each for each in report.estimates if each.run_id == journal.run_id],
    )
    is_told = report.failure is None and verbosity >= 1
    store = redact(str(journal.location)) if is_told else None
    lines = render_summary(summary, width=width, verbosity=verbosity, store=store)
    tests = _tests_that_ran(report, journal.run_id) if is_asked and verbosity >= 0 else 0
    if tests and not _is_anything_recorded(report, journal.run_id):
        lines = none_seen(tests, width)
    besides = list(
        _besides(report, journal.run_id, instrumentation.recorder, with_others=bool(lines))
    )
    if verbosity >= 0:
        lines += [Line(line) for text in besides for line in wrap(text, width)]
    return lines


def problems_of(merged: Merged, root: Path | None, no_journal: str | None) -> Iterator[str]:
    """Yield one line for each thing that went wrong at the merge; none of them fails a test.

    Journals belong below `root`; `no_journal` says why not all lines were in one.
    """
    report = merged.report
    if report.failure is not None:
        end = "" if report.failure.endswith((".", "?", "!")) else "."
        what = f"the store was not written: {report.failure}{end}"
        yield " ".join((what, *_whereabouts(merged, root, no_journal)))
    elif no_journal is not None:
        yield f"{no_journal}: a killed process would have lost its calls"
    if report.set_aside is not None:
        yield f"the store was corrupt; it was set aside as {report.set_aside}, a new one begun"
    if report.rejected:
        kept = f", see {report.rejected_path}" if report.rejected_path else ""
        yield f"{counted(report.rejected, 'record')} refused{kept}: {'; '.join(report.reasons)}"
    if report.late:
        late = counted(report.late, "event")
        yield f"{late} of a time that is pruned, kept in the sums of hours and days only"
    if report.torn:
        torn = counted(report.torn, "journal")
        yield f"{torn} of killed processes ended in half a line, left out"
    if report.price_errors:
        yield f"{counted(report.price_errors, 'call')} without a cost: a price table raised"


def _tests_that_ran(report: MergeReport, run_id: str) -> int:
    ran = (each for each in report.phases if each.run_id == run_id and each.outcome != "skipped")
    return len({each.phase_id for each in ran if each.module is not None})


def _is_anything_recorded(report: MergeReport, run_id: str) -> bool:
    recorded = (*report.events, *report.estimates, *report.lifecycle)
    return any(each.run_id == run_id for each in recorded)


def _besides(
    report: MergeReport, run_id: str, recorder: Recorder, *, with_others: bool
) -> Iterator[str]:
    yield from _answers_to_others(calls_of(report, run_id))
    earlier = [call for call in report.events if call.run_id != run_id]
    if earlier and report.failure is None:
        runs = counted(len({event.run_id for event in earlier}), "earlier run")
        yield f"merged {counted(len(earlier), 'event')} left behind by {runs}"
    unread, billed = recorder.unread, recorder.billed
    if unread:
        requests = counted(unread.total(), "request")
        yield f"{requests} with usage that no codec reads: {_names(unread)}"
    if billed:
        requests = counted(billed.total(), "billed request")
        yield f"{requests} whose answers tell no usage: {_names(billed)}"
    others = recorder.passed_by - unread.total() - billed.total()
    if others > 0 and with_others:
        yield f"{counted(others, 'other request')} to providers (model lists, files, polling)"


def _names(counts: Counter[str]) -> str:
    return ", ".join(f"{name} x{n}" if n > 1 else name for name, n in counts.most_common())


def _answers_to_others(calls: list[CallEvent]) -> Iterator[str]:
    """Say which calls a cassette answered though it was asked something else when recorded."""
    changed = [call for call in calls if call.cassette_verdict == CHANGED]
    if changed:
        tests = list(dict.fromkeys(call.phase_id for call in changed if call.phase_id))
        more = [f"and {len(tests) - _SHOWN} more"] if len(tests) > _SHOWN else []
        named = ", ".join([*tests[:_SHOWN], *more])
        what = "got what a cassette recorded for another question, as it does not compare bodies"
        yield f"{counted(len(changed), 'call')} {what}: {named}"


def _whereabouts(merged: Merged, root: Path | None, no_journal: str | None) -> Iterator[str]:
    """Say where the calls are that the store did not take."""
    if merged.report.kept:
        yield f"The journals stay in {root}, and the next run merges them."
    if merged.stranded is not None:
        yield f"Calls that no journal took are kept in {merged.stranded}."
    elif no_journal is not None and not merged.is_idle:
        yield f"Calls that no journal took are lost: {no_journal}."
