"""The session of one process: the way of a test, from its set-up to its last report."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import pytest

from ..intercept import carry
from ..telemetry import activated
from ._call_log import CallLog
from ._running_test import RunningTest
from ._stage_failures import judged
from ._workers import hand_over, is_worker, tell_worker
from .markers._budget import ignores_calls
from .run import write_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from _pytest.terminal import TerminalReporter

    from ..app import Instrumentation
    from ..events import Stage
    from ._stage_failures import StageFailures
    from .features import Features
    from .run import FinishedRun

    Wrapper = Generator[None, Any, Any]

_GREEN: Final = frozenset({pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED})


class LLMSession:
    """Hears pytest's hooks of a test and of a run, and asks the features one after the other.

    Two wrappers lie around each stage of a test: an outer one, around those of all other
    plugins, for what is true of the stage as a whole (clock, owner, guard, budget), and an inner
    one for what its fixtures and its own code meet.
    """

    def __init__(
        self, config: pytest.Config, rig: Instrumentation, features: Features, run: FinishedRun
    ) -> None:
        self.rig = rig
        self.features = features
        self._config = config
        self._run = run
        self._test: RunningTest | None = None
        self._in_test = ExitStack()

    def begin(self) -> Callable[[], None]:
        """Tap the clients and hear pytest's hooks; return what undoes it."""
        with ExitStack() as undo:
            undo.callback(self._run.release)
            undo.enter_context(activated(self.rig.telemetry))
            undo.enter_context(carry(self.rig.telemetry.ownership.variable))
            undo.enter_context(self.rig.taps)
            undo.enter_context(carry(self.rig.telemetry.estimates.variable))
            self._config.pluginmanager.register(self, "understudy-session")
            self._run.begin()
            for feature in self.features:
                undo.enter_context(feature.begin_run())
            undo.enter_context(self._in_test)  # of a test that was interrupted
            return undo.pop_all().close

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Take the tests that are about to run.

        Raises:
            pytest.UsageError: says which marker of which test is wrong.
        """
        for feature in self.features:
            feature.check(items)

    def test_of(self, item: pytest.Item) -> RunningTest:
        """Return the test that runs now."""
        if self._test is None or self._test.item is not item:
            self._begin_test(item)  # this session began in the middle of the test
            self._enter_test()
        assert self._test is not None
        return self._test

    def call_log(self, item: pytest.Item) -> CallLog:
        """Return the calls of the test that runs now; from now on they are kept."""
        owner = self.test_of(item).owner
        owner.is_ignored = ignores_calls(item)
        return CallLog(owner, self.rig.prices)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Wrapper:
        """A test begins: its calls are its own, and it is guarded where it has to be."""
        with self.features.clock.in_force():
            self._begin_test(item)
            return (yield from self._outer("setup"))

    @pytest.hookimpl(wrapper=True, specname="pytest_runtest_setup")
    def pytest_runtest_setup_inner(self) -> Wrapper:
        """Its mock and the like come into force, before any fixture is set up."""
        self._enter_test()
        return (yield from self._inner())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Wrapper:
        """Calls of a fixture of wider scope are the fixture's, not the test's."""
        with self.features.telemetry.in_fixture(fixturedef):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Wrapper:
        """The test's own code runs; it fails of what the guard refused."""
        with self.features.clock.in_force():
            return (yield from self._outer("call"))

    @pytest.hookimpl(wrapper=True, specname="pytest_runtest_call")
    def pytest_runtest_call_inner(self) -> Wrapper:
        """It fails of calls that found no answer."""
        return (yield from self._inner())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Wrapper:
        """A test ends: its open streams are recorded, then its budget is judged."""
        with self.features.clock.in_force():
            try:
                result = yield from self._outer("teardown")
            finally:
                self._end_test()
            if self._test is not None:
                self.features.budgets.judge_test(self._test)
            return result

    @pytest.hookimpl(wrapper=True, specname="pytest_runtest_teardown")
    def pytest_runtest_teardown_inner(self) -> Wrapper:
        """Its mock and the like go when the last fixture is torn down."""
        try:
            return (yield from self._inner())
        finally:
            self._in_test.close()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Each stage is reported."""
        report = yield
        if self._test is not None and self._test.item is item:
            for feature in self.features:
                feature.report(self._test, report)
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """An xdist worker begins."""
        tell_worker(node, self._run.run_id)

    def take(self, handed: dict[str, Any]) -> None:
        """Take what an xdist worker hands over; one that crashed hands over nothing."""
        self._run.take(handed.get("run", {}))
        for name, feature in self.features._asdict().items():
            if name in handed:
                feature.take(handed[name])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Wrapper:
        """The run is judged before reporters close their files; then others tear down."""
        owner = self.rig.telemetry.ownership.run if self._test is None else self._test.owner
        owner.stage = "teardown"  # what an interrupted test left is torn down next
        if not is_worker(self._config):
            self._run.end(session, exitstatus)
            try:
                for feature in self.features:
                    self._fail(session, feature.judge(self._run))
            except Exception:  # noqa: BLE001 - whatever it is, the run must not be green
                error = pytest.ExceptionInfo.from_current()
                self._config.notify_exception(error, self._config.option)
                self._fail(session, pytest.ExitCode.INTERNAL_ERROR)
        return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True, specname="pytest_sessionfinish")
    def pytest_sessionfinish_inner(self, session: pytest.Session) -> Wrapper:
        """Everything is torn down, and the workers have ended."""
        result = yield
        self.rig.recorder.flush()
        if is_worker(self._config):
            handed = {name: each.handover() for name, each in self.features._asdict().items()}
            is_news = bool(self.rig.faults.counts) or any(each.has_news() for each in self.features)
            hand_over(self._config, {**handed, "run": self._run.handover()}, is_news=is_news)
            return result
        self._run.close()
        for feature in self.features:
            self._fail(session, feature.finish(self._run))
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and self._config.getoption("no_summary"):
            write_summary(terminal, self._run, self.features)  # before pytest 9.2 nobody would ask
        return result

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """What happened is printed."""
        if not self._config.getoption("no_summary"):
            write_summary(terminalreporter, self._run, self.features)

    def _begin_test(self, item: pytest.Item) -> None:
        owner = self.features.telemetry.owner_of(item)
        self._test = RunningTest(item, owner, self.features.clock.clock)
        self.rig.telemetry.ownership.enter(owner)
        self.features.guard.guard_test(feature.guards(self._test) for feature in self.features)

    def _enter_test(self) -> None:
        assert self._test is not None
        for feature in self.features:
            self._in_test.enter_context(feature.begin_test(self._test))

    def _end_test(self) -> None:
        self.features.guard.end_test()
        if self._test is not None:
            self.rig.recorder.flush(self._test.owner)
        self.rig.telemetry.ownership.leave()

    def _outer(self, stage: Stage) -> Wrapper:
        test = self._test
        if test is None:  # this session began in the middle of the test, for somebody else
            return (yield)
        test.owner.stage = stage
        return (yield from judged(test, lambda: [self.features.guard.refusals(test)]))

    def _inner(self) -> Wrapper:
        test = self._test
        if test is None:
            return (yield)
        return (yield from judged(test, lambda: self._failures(test)))

    def _failures(self, test: RunningTest) -> Iterator[StageFailures]:
        for feature in reversed(self.features):
            failures = feature.failures(test)
            if failures is not None:
                yield failures

    def _fail(self, session: pytest.Session, wanted: pytest.ExitCode | None) -> None:
        """Set the exit status: the one place that does."""
        if wanted is None:
            return
        is_crash = wanted is pytest.ExitCode.INTERNAL_ERROR
        if is_crash or session.exitstatus in _GREEN:
            session.exitstatus = wanted
        if not is_crash:
            self._run.store_exit_status(int(session.exitstatus))
