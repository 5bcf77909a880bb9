"""Puts mocks in force, for a test or for a wider scope, and fails tests of what they lack."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from ....options import PLAIN_MOCK
from ....reports import Line
from ..._feature import Feature
from ..._stage_failures import UnansweredCalls
from ..._test_needs import hides_our_mock, names_our_mock, uses_mock
from ...markers._mocks import check_names, named_by, profile_of
from ._usage import MockUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ....clock import Clock
    from ....endpoint import Endpoint
    from ....mock import MockLLM
    from ....telemetry import Owner, Telemetry
    from ..._context import RunContext
    from ..._running_test import RunningTest
    from ...run import FinishedRun
    from ._active import ActiveMocks
    from ._factory import MockFactory


class Mocks(Feature):
    """The mocks of a process. Nothing of them is loaded until the first one is asked for.

    Args:
        active: those in force, which answer calls.
        faults_of: names the faults that befall the first calls of a test, or of a wider scope.
        protected: blocks the network for an owner, None for everybody, beside a mock of theirs.
    """

    def __init__(
        self,
        context: RunContext,
        telemetry: Telemetry,
        *,
        active: ActiveMocks,
        clock: Clock,
        faults_of: Callable[[pytest.Item | None], Sequence[str]],
        protected: Callable[[Owner | None], AbstractContextManager[None]],
    ) -> None:
        self.active = active
        self._context = context
        self._settings = context.settings
        self._telemetry = telemetry
        self._clock = clock
        self._faults_of = faults_of
        self._protected = protected
        self._open: dict[Owner, ExitStack] = {}
        is_collecting = bool(context.config.getoption("collectonly", default=False))
        self._usage = MockUsage(context.settings, is_collecting=is_collecting)
        self._exit_status = 0

    @cached_property
    def factory(self) -> MockFactory:
        """What makes the mocks."""
        from ._factory import MockFactory  # noqa: PLC0415 - only runs that mock anything pay for it

        return MockFactory(self._context, self._telemetry, self._clock)

    @property
    def answered(self) -> int:
        """How many calls were answered so far, scenarios played directly included."""
        return self.active.answered + (self.factory.plays if "factory" in vars(self) else 0)

    @contextmanager
    def begin_run(self) -> Iterator[None]:
        """Mock the run itself, where `--llm-mock` says so.

        Raises:
            pytest.UsageError: no such scenario or delay profile, or its file is wrong.
        """
        settings = self._settings
        if settings.mock is not None or settings.profile is not None:
            check_names(profile_of(None, settings), self._scenario_of_all, self._context)
        with ExitStack() as stack:
            if settings.mock is not None:
                self._play_along(stack.enter_context(self.wide_mock("run", gives_way=True)))
            yield

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Note tests whose markers speak of our mock, while they ask for one of their own.

        Raises:
            pytest.UsageError: the table of profiles is wrong, or a hook, and a test is mocked.
        """
        if any(uses_mock(item) for item in items):
            self._context.materials  # noqa: B018 - it is read now, before any test runs
        for item in items:
            has_name = named_by("llm_scenario", item) or named_by("llm_profile", item)
            if has_name and hides_our_mock(item):
                self._usage.hidden.append(item.nodeid)

    def guards(self, test: RunningTest) -> bool | None:
        """Guard tests whose calls a mock answers, as far as is known beforehand."""
        return self._settings.mock is not None or uses_mock(test.item) or None

    @contextmanager
    def begin_test(self, test: RunningTest) -> Iterator[None]:
        """Put the mock of a test in force before its first fixture, and take it away at its end."""
        if self._has_own(test.item):
            self.mock_for(test.owner)
        try:
            yield
        finally:
            stack = self._open.pop(test.owner, None)
            if stack is not None:
                stack.close()

    def failures(self, test: RunningTest) -> UnansweredCalls | None:
        """Return what this test, and fixtures of wider scope that it needed, called in vain."""
        if test.stage == "setup" and test.outcome is None:
            return None  # the call tells of it
        calls = self.active.take_unanswered(lambda one: one is test.owner or one.is_fixture)
        if not calls:
            return None
        from ....mock import UnmatchedCall  # noqa: PLC0415 - there is a mock by now

        return UnansweredCalls([call.error for call in calls], plain=UnmatchedCall)

    def mock_for(self, owner: Owner) -> MockLLM:
        """Return the mock of a test, put in force where there is none yet."""
        endpoint = self.active.own(owner)
        if endpoint is not None:
            return endpoint.mock
        item = _test_of(owner)
        endpoint = self.endpoint_for(owner)
        with ExitStack() as stack:
            self._put_in_force(stack, endpoint, owner)
            gives_way = item is not None and self._is_mocked_with_all(item)
            self.active.give(owner, endpoint, gives_way=gives_way)
            self._open[owner] = stack.pop_all()
        if item is not None:
            self._play_scenario(endpoint.mock, item)
        return endpoint.mock

    def endpoint_for(self, owner: Owner, *, extra_hosts: frozenset[str] = frozenset()) -> Endpoint:
        """Return the endpoint of a new mock, like that of a test, which answers nobody yet."""
        item = _test_of(owner)
        profile = profile_of(item, self._settings)
        endpoint = self.factory.endpoint(
            owner.phase_id or "", profile=profile, extra_hosts=extra_hosts
        )
        self._plan_faults(endpoint.mock, item)
        return endpoint

    @contextmanager
    def wide_mock(self, name: str, *, gives_way: bool = False) -> Iterator[MockLLM]:
        """Put a mock in force for all calls of those that have none of their own.

        With the run's seed, `name` is the seed of what is random in calls outside of tests.
        """
        endpoint = self.factory.endpoint(name, profile=profile_of(None, self._settings))
        with ExitStack() as stack:
            self._put_in_force(stack, endpoint, None)
            stack.enter_context(self.active.in_force(endpoint, gives_way=gives_way))
            self._plan_faults(endpoint.mock, None)
            yield endpoint.mock

    def handover(self) -> dict[str, Any]:
        """Return what a worker tells of its mocks."""
        self._close_books()
        return self._usage.handover()

    def has_news(self) -> bool:
        """Tell whether something must be said even where nobody asked for it."""
        return bool(self._usage.hidden or self._usage.strays)

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed over."""
        self._usage.take(handed)

    def finish(self, run: FinishedRun) -> pytest.ExitCode | None:
        """Fail a run that made calls in vain outside of its tests."""
        self._close_books()
        self._exit_status = run.exit_status
        is_failed = self._usage.strays and run.exit_status == pytest.ExitCode.OK
        return pytest.ExitCode.TESTS_FAILED if is_failed else None

    def notices(self) -> Iterator[Line]:
        """Yield what the user has to know."""
        for text in self._usage.lines(self._exit_status):
            yield Line(f"understudy: {text}", {"yellow": True})

    def _close_books(self) -> None:
        self._usage.answered += self.answered
        self._usage.stray(self.active.take_unanswered(lambda _: True))

    def _has_own(self, item: pytest.Item) -> bool:
        """Tell whether a test has a mock of its own from its beginning on.

        Under `--llm-mock` each test has one that is mocked by nothing else, so that a scenario
        begins anew in each.
        """
        return (
            named_by("llm_scenario", item) is not None
            or names_our_mock(item)
            or self._is_mocked_with_all(item)
        )

    def _put_in_force(self, stack: ExitStack, endpoint: Endpoint, owner: Owner | None) -> None:
        from ....mock import in_force  # noqa: PLC0415 - there is a mock by now

        stack.enter_context(self._protected(owner))
        stack.enter_context(in_force(endpoint.mock))

    def _plan_faults(self, mock: MockLLM, item: pytest.Item | None) -> None:
        for name in self._faults_of(item):
            mock.fail(name, times=1)

    def _play_scenario(self, mock: MockLLM, item: pytest.Item) -> None:
        scenario = named_by("llm_scenario", item)
        if scenario is not None:
            mock.script(scenario)
        elif self._is_mocked_with_all(item):
            self._play_along(mock)

    def _is_mocked_with_all(self, item: pytest.Item) -> bool:
        return self._settings.mock is not None and not uses_mock(item)

    def _play_along(self, mock: MockLLM) -> None:
        if self._scenario_of_all is None:
            mock.reply()
        else:
            mock.script(self._scenario_of_all)

    @property
    def _scenario_of_all(self) -> str | None:
        return None if self._settings.mock == PLAIN_MOCK else self._settings.mock


def _test_of(owner: Owner) -> pytest.Item | None:
    return owner.item if isinstance(owner.item, pytest.Item) else None
