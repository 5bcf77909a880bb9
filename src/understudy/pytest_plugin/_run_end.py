"""How a run ends: it is judged, merged and summed up, and may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ..reports import SECTION_TITLE, Line
from ._workers import hand_over, is_worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from _pytest.terminal import TerminalReporter

    from ..app import Instrumentation
    from ._feature import Feature
    from .features import Features
    from .run import FinishedRun


_GREEN: Final = frozenset({pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED})


class RunEnd:
    """Asks the features, when all tests have run; the only one that sets the exit status."""

    def __init__(
        self,
        config: pytest.Config,
        instrumentation: Instrumentation,
        features: Features,
        run: FinishedRun,
    ) -> None:
        self.run = run
        self._config = config
        self._instrumentation = instrumentation
        self._features = features

    def take(self, handed: dict[str, Any]) -> None:
        """Take what an xdist worker handed over; one that crashed handed over nothing."""
        self.run.take(handed.get("run", {}))
        for name, feature in self._features._asdict().items():
            if name in handed:
                feature.take(handed[name])

    def judge(self, session: pytest.Session, exit_status: int) -> None:
        """Judge the run, in the controller, before reporters close their files."""
        if is_worker(self._config):
            return
        self.run.end(session, exit_status)
        try:
            for feature in self._features:
                self._fail(session, feature.judge(self.run))
        except Exception:  # noqa: BLE001 - whatever it is, the run must not be green
            error = pytest.ExceptionInfo.from_current()
            self._config.notify_exception(error, self._config.option)
            self._fail(session, pytest.ExitCode.INTERNAL_ERROR)

    def finish(self, session: pytest.Session) -> None:
        """End the run, or this worker's part, when everything is torn down."""
        self._instrumentation.recorder.flush()
        if is_worker(self._config):
            self._hand_over()
            return
        self.run.close()
        for feature in self._features:
            self._fail(session, feature.finish(self.run))
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and self._config.getoption("no_summary"):
            _write_summary(terminal, self.run, self._features)  # before pytest 9.2 nobody asks

    def write(self, terminal: TerminalReporter) -> None:
        """Write what happened, where a summary is wanted; a worker knows it in part only."""
        if not (is_worker(self._config) or self._config.getoption("no_summary")):
            _write_summary(terminal, self.run, self._features)

    def _hand_over(self) -> None:
        handed = {name: each.handover() for name, each in self._features._asdict().items()}
        has_faults = bool(self._instrumentation.faults.counts)
        is_news = has_faults or any(feature.has_news() for feature in self._features)
        hand_over(self._config, {**handed, "run": self.run.handover()}, is_news=is_news)

    def _fail(self, session: pytest.Session, wanted: pytest.ExitCode | None) -> None:
        if wanted is None:
            return
        is_crash = wanted is pytest.ExitCode.INTERNAL_ERROR
        if is_crash or session.exitstatus in _GREEN:
            session.exitstatus = wanted
        if not is_crash:
            self.run.store_exit_status(int(session.exitstatus))


def _write_summary(
    terminal: TerminalReporter, run: FinishedRun, features: Sequence[Feature]
) -> None:
    """Write our section of pytest's summary, and the sections of features.

    Where the user wants no summary, what went wrong is written all the same.
    """
    is_wanted = not terminal.config.getoption("no_summary")
    _write(terminal, SECTION_TITLE, list(_lines(terminal, run, features, is_wanted=is_wanted)))
    sections = (feature.section() for feature in features) if is_wanted else ()
    for section in sections:
        if section is not None:
            _write(terminal, *section)


def _lines(
    terminal: TerminalReporter, run: FinishedRun, features: Sequence[Feature], *, is_wanted: bool
) -> Iterator[Line]:
    if is_wanted:
        width = terminal._tw.fullwidth  # noqa: SLF001 - pytest's own plugins read it there
        yield from run.summary(width=width, verbosity=terminal.config.get_verbosity())
    for feature in features:
        yield from feature.facts()
    for text in run.problems():
        yield Line(f"understudy: {text}", {"yellow": True})
    for feature in features:
        yield from feature.notices()


def _write(terminal: TerminalReporter, title: str, lines: Iterable[Line]) -> None:
    written = list(lines)
    if written:
        terminal.write_sep("=", title)
    for line in written:
        terminal.write_line(line.text, **line.markup)
