"""The session of one process: hears pytest's hooks, moves ownership, keeps the books."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from ..intercept import carry
from ..telemetry import Owner, activated
from ._call_log import CallLog
from ._fixture_loans import FixtureLoan, is_wide
from ._junit import properties_of
from ._listening import Listening
from ._marker_checks import check_markers, ignores_calls
from ._phases import Phases, own_node_id
from ._run_end import RunEnd
from ._test_budget import judge_budget
from ._usage import uses_us
from ._worker_end import WorkerEnd
from .estimating import Predicting

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from ..app import Instrumentation
    from ..settings import Settings
    from ._books import Books
    from ._parts import Parts


class LLMSession:
    """Books each call on the test, fixture or run that made it."""

    def __init__(
        self,
        config: pytest.Config,
        settings: Settings,
        rig: Instrumentation,
        books: Books,
        parts: Parts,
    ) -> None:
        self.settings = settings
        self.rig = rig
        self.parts = parts
        self.end: RunEnd | WorkerEnd = (
            WorkerEnd(config, rig, books)
            if hasattr(config, "workerinput")
            else RunEnd(config, settings, rig, books)
        )
        self._config = config
        self._books = books
        self._listening = Listening(config, rig.telemetry.event_log)
        self._phases = Phases(rig.telemetry.event_log)
        self._owner: Owner = rig.telemetry.ownership.run

    def begin(self) -> Callable[[], None]:
        """Tap the clients and hear pytest's hooks; return what undoes the taps."""
        with ExitStack() as undo:
            undo.callback(self._books.release)
            undo.enter_context(activated(self.rig.telemetry))
            undo.enter_context(carry(self.rig.telemetry.ownership.variable))
            undo.enter_context(self.rig.taps)
            undo.enter_context(carry(self.rig.telemetry.estimates.variable))
            self._register()
            self.end.begin()
            self._listening.begin()
            undo.enter_context(self.parts.running())
            return undo.pop_all().close

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Refuse markers that are called wrongly, before any test runs.

        Raises:
            pytest.UsageError: says which marker of which test.
        """
        self._listening.begin()  # all conftest files are loaded by now
        for item in items:
            check_markers(item)
        self.parts.check(items)

    def call_log(self, item: pytest.Item) -> CallLog:
        """Return the calls of the test that runs now; from now on they are kept."""
        owner = self.owner_of(item)
        owner.is_ignored = ignores_calls(item)
        return CallLog(owner, self.rig.prices)

    def owner_of(self, item: pytest.Item) -> Owner:
        """Return whose calls those of the test that runs now are."""
        if self._owner.item is not item:  # this session began in the middle of the test
            self._begin_test(item)
        return self._owner

    def worker_down(self, handed: dict[str, Any]) -> None:
        """Let the controller take what an xdist worker hands back."""
        assert isinstance(self.end, RunEnd)
        self.end.worker_down(handed)
        self.parts.worker_down(handed)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """A test begins: what is called from now on is its own."""
        self._begin_test(item)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """The test's own code runs."""
        self._owner.stage = "call"
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """A test ends: its open streams are booked, its budget is judged."""
        self._owner.stage = "teardown"
        try:
            result = yield
        finally:
            self.rig.recorder.flush(self._owner)
            self.rig.telemetry.ownership.leave()
        judge_budget(item, self._owner, self.rig.prices)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Calls of a fixture of wider scope are the fixture's, not the test's."""
        if not is_wide(fixturedef):
            return (yield)
        with FixtureLoan(fixturedef, self.rig, self._phases, worker=self._books.worker):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note the outcome; put the test's figures on its last report, for JUnit."""
        report = yield
        if self._owner.item is item:
            self._phases.note(self._owner, report)
            if call.when == "teardown":
                writes_xml = bool(self._config.getoption("xmlpath", default=None))
                prices = self.rig.prices if writes_xml else None
                report.user_properties.extend(properties_of(self._owner, prices))
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """What an interrupted test left is torn down next."""
        self._owner.stage = "teardown"

    def _register(self) -> None:
        """Hear pytest's hooks, and say at the end of the run what there is to say."""
        register = self._config.pluginmanager.register
        register(self, "understudy-session")
        register(self.end, "understudy-end")
        register(Predicting(self._config, self.rig.telemetry), "understudy-estimates")
        if isinstance(self.end, RunEnd):
            self.end.notices += self.parts.notices
            self.end.facts += self.parts.facts

    def _begin_test(self, item: pytest.Item) -> None:
        watched = self.settings.telemetry or uses_us(item)
        node_id = own_node_id(item)
        self._owner = Owner(
            phase_id=node_id,
            worker=self._books.worker,
            rerun=self._phases.begin(node_id),
            stage="setup",
            is_ignored=not watched or ignores_calls(item),
            keeps_calls=True,
            item=item,
        )
        self.rig.telemetry.ownership.enter(self._owner)
