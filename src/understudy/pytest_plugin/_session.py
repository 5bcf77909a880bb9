"""The session of one process: hears pytest's hooks, moves ownership, keeps the books."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from ..app import build_rig, find_kinds
from ..errors import UnderstudyError
from ..intercept import carry
from ..telemetry import Owner, activated
from ._books import open_books
from ._call_log import CallLog
from ._fixture_loans import FixtureLoan, is_wide
from ._junit import properties_of
from ._listening import Listening
from ._marker_checks import check_markers, ignores_calls
from ._phases import Phases, own_node_id
from ._resolve import settings_of
from ._run_end import RunEnd
from ._test_budget import judge_budget
from ._usage import uses_us
from ._worker_end import WorkerEnd

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from ..app import Rig
    from ..settings import Settings
    from ._books import Books


def begin_session(config: pytest.Config) -> LLMSession:
    """Build the rig of this process, tap the clients and hear pytest's hooks from now on.

    Raises:
        pytest.UsageError: a table, a hook or the store's URL is wrong.
    """
    settings = settings_of(config)
    try:
        plugins = config.pluginmanager.get_plugins()
        kinds = find_kinds(plugins, pyproject=config.rootpath / "pyproject.toml")
        books = open_books(config, settings)
    except UnderstudyError as error:
        raise pytest.UsageError(str(error)) from error
    rig = build_rig(
        kinds,
        lines=books.lines,
        run_id=books.run_id,
        worker=books.worker,
        keeps_content=settings.store_content,
    )
    session = LLMSession(config, settings, rig, books)
    config.add_cleanup(session.begin())
    return session


class LLMSession:
    """Books each call on the test, fixture or run that made it."""

    def __init__(self, config: pytest.Config, settings: Settings, rig: Rig, books: Books) -> None:
        self.settings = settings
        self.rig = rig
        self._end: RunEnd | WorkerEnd = (
            WorkerEnd(config, rig, books)
            if hasattr(config, "workerinput")
            else RunEnd(config, settings, rig, books)
        )
        self._config = config
        self._books = books
        self._listening = Listening(config, rig.telemetry.ledger)
        self._phases = Phases(rig.telemetry.ledger)
        self._owner: Owner = rig.telemetry.ownership.run

    def begin(self) -> Callable[[], None]:
        """Tap the clients and hear pytest's hooks; return what undoes the taps."""
        undo = ExitStack()
        undo.callback(self._books.release)
        undo.enter_context(activated(self.rig.telemetry))
        undo.enter_context(carry(self.rig.telemetry.ownership.variable))
        undo.enter_context(self.rig.taps)
        self._config.pluginmanager.register(self, "understudy-session")
        self._config.pluginmanager.register(self._end, "understudy-end")
        self._end.begin()
        self._listening.begin()
        return undo.close

    def check(self, items: Iterable[pytest.Item]) -> None:
        """Refuse markers that are called wrongly, before any test runs.

        Raises:
            pytest.UsageError: says which marker of which test.
        """
        self._listening.begin()  # all conftest files are loaded by now
        for item in items:
            check_markers(item)

    def call_log(self, item: pytest.Item) -> CallLog:
        """Return the calls of the test that runs now; from now on they are kept."""
        if self._owner.item is not item:  # this session began in the middle of the test
            self._begin_test(item)
        self._owner.muted = ignores_calls(item)
        return CallLog(self._owner, self.rig.prices)

    def worker_down(self, handed: dict[str, Any]) -> None:
        """Let the controller take what an xdist worker hands back."""
        assert isinstance(self._end, RunEnd)
        self._end.worker_down(handed)

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

    def _begin_test(self, item: pytest.Item) -> None:
        watched = self.settings.telemetry or uses_us(item)
        node_id = own_node_id(item)
        self._owner = Owner(
            phase_id=node_id,
            worker=self._books.worker,
            rerun=self._phases.begin(node_id),
            stage="setup",
            muted=not watched or ignores_calls(item),
            keeps_calls=True,
            item=item,
        )
        self.rig.telemetry.ownership.enter(self._owner)
