"""A run in the controller: opened, merged when it has ended, and summed up."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ...reports import Line
from ...reports.costs import budget_line
from ...store import LooseLines, MergeReport, Phase, open_store
from ._alerts import alert_line, timed_models
from ._journal import RunJournal, beginning, ending
from ._merge import Merged, merge, prune_old
from ._summary import calls_of, problems_of, summary_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from ...analytics.costs import BudgetState
    from ...app import Instrumentation
    from ...events import CallEvent, TokenEstimate
    from ...events.lifecycle import AnyLifecycleEvent
    from ...extensions import Extensions
    from ...pricing import PriceBook
    from ...settings import Settings


class FinishedRun:
    """What there is of a run when it ends: its calls, estimates and phases.

    They are merged into the store when somebody asks for the first of them. A run without
    telemetry has none of them; its end only says what went wrong.

    Attributes:
        exit_status: pytest's, before anybody judged the run.
        came_to_its_end: whether nothing stopped it.
    """

    def __init__(
        self,
        config: pytest.Config,
        settings: Settings,
        instrumentation: Instrumentation,
        journal: RunJournal,
        extensions: Extensions,
    ) -> None:
        self.exit_status = 0
        self.came_to_its_end = True
        self._config = config
        self._settings = settings
        self._instrumentation = instrumentation
        self._journal = journal
        self._extensions = extensions
        self._workers = 0
        self._loose: list[LooseLines] = []
        self._no_journal: str | None = None
        self._record: dict[str, Any] = {}
        self._pruned: list[str] = []
        self._budgets: tuple[BudgetState, ...] = ()

    def begin(self) -> None:
        """Open the run's record."""
        if self._settings.telemetry:
            self._record = beginning(self._config, self._instrumentation.telemetry.clock)
            self._instrumentation.telemetry.event_log.write(self._record)

    def take(self, handed: dict[str, Any]) -> None:
        """Take what an xdist worker handed over; one that crashed handed over nothing."""
        self._workers += 1
        if handed:
            lines = [line.encode() for line in handed["lines"]]
            self._take_loose(handed["worker"], lines, handed["failure"])
            self._instrumentation.faults.absorb(handed["faults"], handed["first_faults"])
            self._instrumentation.recorder.passed_by += handed["passed_by"]
            self._instrumentation.recorder.unread.update(handed["unread"])
            self._instrumentation.recorder.billed.update(handed["billed"])

    def handover(self) -> dict[str, Any]:
        """Return, in a worker, what no journal holds; what `take` needs."""
        self._journal.close()
        return {
            **self._journal.handover(),
            "faults": dict(self._instrumentation.faults.counts),
            "first_faults": dict(self._instrumentation.faults.first),
            "passed_by": self._instrumentation.recorder.passed_by,
            "unread": dict(self._instrumentation.recorder.unread),
            "billed": dict(self._instrumentation.recorder.billed),
        }

    @property
    def run_id(self) -> str:
        """The id of the run."""
        return self._journal.run_id

    @property
    def prices(self) -> PriceBook:
        """What its calls are priced with."""
        return self._instrumentation.prices

    @cached_property
    def calls(self) -> list[CallEvent]:
        """Its attempts, priced."""
        return [] if self._report is None else calls_of(self._report, self.run_id)

    @property
    def event_count(self) -> int:
        """How many events of any kind it has, as far as they are in its journals."""
        if self._report is None:
            return 0
        events = [*self._report.events, *self._report.lifecycle, *self._report.models]
        return sum(event.run_id == self.run_id for event in events)

    @property
    def estimates(self) -> list[TokenEstimate]:
        """What was predicted in it."""
        estimates = () if self._report is None else self._report.estimates
        return [each for each in estimates if each.run_id == self.run_id]

    @property
    def lifecycle(self) -> list[AnyLifecycleEvent] | None:
        """Its lifecycle events, in the order of their time; None where none are kept."""
        if self._settings.lifecycle != "on":
            return None
        events = () if self._report is None else self._report.lifecycle
        return [each for each in events if each.run_id == self.run_id]

    @property
    def phases(self) -> list[Phase]:
        """Its tests, and its fixtures of wider scope that made calls."""
        phases = () if self._report is None else self._report.phases
        return [each for each in phases if each.run_id == self.run_id]

    @property
    def is_readable(self) -> bool:
        """Whether its calls could be read back."""
        return self._merged is not None

    def end(self, session: pytest.Session, exit_status: int) -> None:
        """Take how the tests ended."""
        self.exit_status = int(exit_status)
        self.came_to_its_end = not (session.shouldfail or session.shouldstop)

    def release(self) -> None:
        """Let go of the journals of a run that nobody merged."""
        self._journal.release()

    def close(self) -> None:
        """Merge the run, where nobody has asked for it yet, look at budgets, prune what is old."""
        age = self._settings.retention
        if self._report is None or self._report.failure is not None:
            return
        with self._instrumentation.faults.contained("looking at budgets"):
            self._look_at_budgets()
        if age is None:
            return
        with self._instrumentation.faults.contained("pruning the store"):
            self._pruned = list(prune_old(self._journal, age))

    def store_exit_status(self, exit_status: int) -> None:
        """Correct how the run ended, where it is stored already."""
        if self._settings.telemetry:
            with self._instrumentation.faults.contained("storing how the run ended"):
                self._store_exit_status(exit_status)

    def summary(self, *, width: int, verbosity: int) -> list[Line]:
        """Return the summary of its calls."""
        lines: list[Line] = []
        with self._instrumentation.faults.contained("writing the summary"):
            if self._report is not None:
                lines = summary_of(
                    self._report,
                    self._journal,
                    self._instrumentation,
                    width=width,
                    verbosity=verbosity,
                    is_asked=self._settings.outranks_marker("telemetry"),
                )
        if lines and verbosity >= 0:
            month = wrap(budget_line(self._budgets), width, subsequent_indent=" " * 8)
            lines += map(Line, month)
            lines += self._alerts(width)
        return lines + [Line(text) for text in self._pruned if verbosity >= 0]

    def _alerts(self, width: int) -> list[Line]:
        """Say where the store or a model wants to be looked at."""
        report = self._report
        with self._instrumentation.faults.contained("looking for alerts"):
            if report is not None and report.failure is None:
                text = alert_line(
                    self._settings.store,
                    now=self._now(),
                    retention=self._settings.retention,
                    components=timed_models(report, self.run_id),
                    budgets=self._budgets,
                )
                return [Line(each, {"yellow": True}) for each in wrap(text or "", width)]
        return []

    def _look_at_budgets(self) -> None:
        if "costs" not in self._extensions.tables:
            return
        from ...spend_watch import spend_watch  # noqa: PLC0415 - who has no budget pays nothing

        faults = self._instrumentation.faults
        watch = spend_watch(self._extensions, self._settings.store, faults.note)
        if watch is not None:
            since = datetime.fromisoformat(self._record["started"])
            self._budgets = watch.look(now=self._now(), since=since)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._instrumentation.telemetry.clock.wall(), UTC)

    def problems(self) -> Iterator[str]:
        """Yield what went wrong on our side."""
        if self._merged is not None:
            yield from problems_of(self._merged, self._journal.root, self._no_journal)
        yield from self._instrumentation.faults.lines()

    @cached_property
    def _merged(self) -> Merged | None:
        if not self._settings.telemetry:
            return None
        with self._instrumentation.faults.contained("merging the journals"):
            return self._merge()
        return None

    @property
    def _report(self) -> MergeReport | None:
        return None if self._merged is None else self._merged.report

    def _merge(self) -> Merged:
        telemetry = self._instrumentation.telemetry
        self._record |= ending(
            self._config,
            telemetry.clock,
            exit_status=self.exit_status,
            workers=self._workers or 1,
        )
        telemetry.event_log.write(self._record)
        self._journal.close()
        self._take_loose(self._journal.worker, self._journal.kept, self._journal.failure)
        return merge(self._journal, self._instrumentation.prices, self._loose)

    def _take_loose(self, worker: str, lines: Sequence[bytes], failure: str | None) -> None:
        if lines:
            self._loose.append(LooseLines(self.run_id, worker, list(lines)))
            self._no_journal = self._no_journal or failure

    def _store_exit_status(self, exit_status: int) -> None:
        if self._report is None or self._report.failure is not None:
            return
        finished = datetime.fromisoformat(self._record["finished"])
        with open_store(self._settings.store) as store:
            store.finish_run(self.run_id, finished=finished, exit_status=exit_status)
