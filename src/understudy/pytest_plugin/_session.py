"""The session of one process: the way of a test, from its set-up to its last report."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from ._running_test import RunningTest
from ._stage_failures import StageFailures, judged
from ._test_needs import is_asked
from ._workers import tell_worker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from _pytest.terminal import TerminalReporter

    from ..app import Instrumentation
    from ..events import Stage
    from ._feature import Feature
    from ._run_end import RunEnd
    from .features import Features

    Wrapper = Generator[None, Any, Any]


class LLMSession:
    """Hears pytest's hooks of a test and of a run, and asks the features one after the other.

    Two wrappers lie around each stage of a test: an outer one, around those of all other
    plugins, for what is true of the stage as a whole (clock, owner, guard, budget), and an inner
    one for what its fixtures and its own code meet.
    """

    def __init__(self, instrumentation: Instrumentation, features: Features, end: RunEnd) -> None:
        self.instrumentation = instrumentation
        self.features = features
        self.end = end
        self._test: RunningTest | None = None
        self._asked: list[Feature] = []  # those that the test that runs has to do with
        self._in_test = ExitStack()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold what the features hold during a run."""
        with ExitStack() as stack:
            for feature in self.features:
                stack.enter_context(feature.begin_run())
            stack.enter_context(self._in_test)  # of a test that was interrupted
            yield

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Take the tests that are about to run.

        Raises:
            pytest.UsageError: says which marker of which test is wrong.
        """
        for feature in self.features:
            feature.check(items)

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
                for feature in self._asked:
                    feature.judge_test(self._test)
            return result

    @pytest.hookimpl(wrapper=True, specname="pytest_runtest_teardown")
    def pytest_runtest_teardown_inner(self) -> Wrapper:
        """Its mock and the like go when the last fixture is torn down."""
        try:
            return (yield from self._inner())
        finally:
            self._in_test.close()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Wrapper:
        """Each stage is reported; that is the last of a test."""
        report = yield
        if self._test is not None and self._test.item is item:
            for feature in self._asked:
                feature.report(self._test, report)
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """An xdist worker begins."""
        tell_worker(node, self.end.run.run_id)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Wrapper:
        """The run is judged, before reporters close their files; then others tear down."""
        ownership = self.instrumentation.telemetry.ownership
        owner = ownership.run if self._test is None else self._test.owner
        owner.stage = "teardown"  # what an interrupted test left is torn down next
        self.end.judge(session, exitstatus)
        return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True, specname="pytest_sessionfinish")
    def pytest_sessionfinish_inner(self, session: pytest.Session) -> Wrapper:
        """Everything is torn down, and the workers have ended."""
        result = yield
        self.end.finish(session)
        return result

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """What happened is printed."""
        self.end.write(terminalreporter)

    def test_of(self, item: pytest.Item) -> RunningTest:
        """Return the test that runs now."""
        if self._test is None or self._test.item is not item:
            self._begin_test(item)  # this session began in the middle of the test
            self._enter_test()
        assert self._test is not None
        return self._test

    def join(self, item: pytest.Item, feature: Feature) -> RunningTest:
        """Let a feature take part in the test that runs now, which asks for it just now."""
        test = self.test_of(item)
        if feature not in self._asked:
            self._asked.append(feature)
            self._in_test.enter_context(feature.begin_test(test))
        return test

    def _begin_test(self, item: pytest.Item) -> None:
        owner = self.features.telemetry.owner_of(item)
        owner.clock = self.features.clock.clock
        test = self._test = RunningTest(item, owner, owner.clock)
        self._asked = [feature for feature in self.features if is_asked(item, feature.asked_by)]
        self.instrumentation.telemetry.ownership.enter(owner)
        self.features.guard.guard_test(feature.guards(test) for feature in self._asked)

    def _enter_test(self) -> None:
        assert self._test is not None
        for feature in self._asked:
            self._in_test.enter_context(feature.begin_test(self._test))

    def _end_test(self) -> None:
        self.features.guard.end_test()
        if self._test is not None:
            self.instrumentation.recorder.flush(self._test.owner)
        self.instrumentation.telemetry.ownership.leave()

    def _outer(self, stage: Stage) -> Wrapper:
        test = self._test
        if test is None:  # this session began in the middle of the test, for somebody else
            return (yield)
        test.stage = test.owner.stage = stage
        return (yield from judged(test, lambda: [self.features.guard.refusals(test)]))

    def _inner(self) -> Wrapper:
        test = self._test
        if test is None:
            return (yield)
        return (yield from judged(test, lambda: self._failures(test)))

    def _failures(self, test: RunningTest) -> Iterator[StageFailures]:
        for feature in reversed(self._asked):
            failures = feature.failures(test)
            if failures is not None:
                yield failures
