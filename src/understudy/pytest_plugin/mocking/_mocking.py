"""What the rest of the plugin, and others, ask of the mocks."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ...app import find_mock_library
from ...errors import UnderstudyError
from ...options import PLAIN_MOCK
from .._usage import hides_our_mock, names_our_mock, uses_mock
from ._account import HANDED, Account
from ._dummy_keys import dummy_keys
from ._names import named_by
from ._profiles import check_profile, profile_of
from ._recorded import RecordedProfile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...app import Extensions, Instrumentation
    from ...clock import RealClock, VirtualClock
    from ...mock import IncomingCall, MockLibrary, MockLLM
    from ...settings import Settings
    from ...telemetry import Owner
    from .._answering import Answering
    from ._cast import Cast, Companion


class Mocking:
    """The mocks of a process: which tests have one, and what it says without being told.

    Nothing of the mocks themselves is loaded until the first one is asked for.

    Attributes:
        companions: entered when a mock comes into force and left when it goes; given the owner
            whose calls it answers, None for everybody's.
        prepare: told of each new mock and its test, None for a wider scope.
    """

    def __init__(
        self,
        config: pytest.Config,
        settings: Settings,
        extensions: Extensions,
        *,
        rig: Instrumentation,
        answering: Answering,
        clock: RealClock | VirtualClock,
    ) -> None:
        self.companions: list[Companion] = [lambda _: dummy_keys()]
        self.prepare: list[Callable[[MockLLM, pytest.Item | None], None]] = []
        self._config = config
        self._settings = settings
        self._extensions = extensions
        self._rig = rig
        self._answering = answering
        self.account = Account(config, settings)
        self.clock = clock

    @cached_property
    def cast(self) -> Cast:
        """The mocks themselves, which answer from now on.

        Raises:
            pytest.UsageError: the table of profiles is wrong, or a hook.
        """
        from ._cast import Cast  # noqa: PLC0415 - only runs that mock anything pay for it
        from ._maker import MockMaker  # noqa: PLC0415 - as above
        from ._stages import MockedStages  # noqa: PLC0415 - as above

        telemetry = self._rig.telemetry
        maker = MockMaker(
            self._find_library(),
            clock=self.clock,
            run_seed=self._settings.seed,
            telemetry=telemetry,
            unmatched=self._ask_plugins,
        )
        cast = Cast(
            maker,
            self.companions,
            ownership=telemetry.ownership,
            apis=self._extensions.apis,
            hosts=self._settings.mock_hosts,
        )
        self.account.cast = cast
        self._answering.members.append(cast.answerer)
        stages = MockedStages(self, cast, telemetry.ownership)
        self._config.pluginmanager.register(stages, "understudy-mocking")
        return cast

    @property
    def library(self) -> MockLibrary:
        """What the mocks may play."""
        return self.cast.library

    @contextmanager
    def running(self) -> Iterator[None]:
        """Mock the run itself, where `--llm-mock` says so.

        Raises:
            pytest.UsageError: no such scenario or delay profile, or its file is wrong.
        """
        self._config.pluginmanager.register(self.account, "understudy-mocking-account")
        with ExitStack() as stack:
            if self._settings.mock is not None or self._settings.profile is not None:
                self._check(profile_of(None, self._settings), self._named_for_all)
            if self._settings.mock is not None:
                self._play_along(stack.enter_context(self.wide_mock("run")))
            yield
            if "cast" in vars(self):
                self.cast.close_all()

    def check(self, items: Iterable[pytest.Item]) -> None:
        """Refuse markers whose names mean nothing, before any test runs.

        Raises:
            pytest.UsageError: says which marker of which test.
        """
        for item in items:
            scenario, profile = named_by("llm_scenario", item), named_by("llm_profile", item)
            if scenario or profile:
                self._check(profile_of(item, self._settings), scenario, f"{item.nodeid}: ")
                if hides_our_mock(item):
                    self.account.hidden.append(item.nodeid)
            elif self.mocks(item):
                self.cast  # noqa: B018 - it hears of every test from the first one on

    def mocks(self, item: pytest.Item) -> bool:
        """Tell whether a mock answers the calls of a test, as far as is known beforehand."""
        return self._settings.mock is not None or uses_mock(item)

    def mock_for(self, owner: Owner) -> MockLLM:
        """Return the mock of a test, put in force where there is none yet."""
        mock = self.cast.of(owner)
        if mock is None:
            item = _test_of(owner)
            mock = self.cast.open(owner, profile=profile_of(item, self._settings))
            self._begin(mock, item)
        return mock

    def new_mock(self, owner: Owner) -> MockLLM:
        """Return a mock like that of a test, which has no rules and answers nobody yet."""
        item = _test_of(owner)
        mock = self.cast.make(owner, profile=profile_of(item, self._settings))
        for prepare in self.prepare:
            prepare(mock, item)
        return mock

    def worker_down(self, handed: dict[str, Any]) -> None:
        """Take what an xdist worker hands back; one that crashed hands back nothing."""
        if HANDED in handed:
            self.account.take(handed[HANDED])

    @contextmanager
    def wide_mock(self, name: str) -> Iterator[MockLLM]:
        """Put a mock in force for all calls of those that have none of their own."""
        with self.cast.wide(name, profile=profile_of(None, self._settings)) as mock:
            self._begin(mock, None)
            yield mock

    def has_own(self, item: pytest.Item) -> bool:
        """Tell whether a test has a mock of its own from its beginning on.

        Under `--llm-mock` each test has one that is mocked by nothing else, so that a scenario
        begins anew in each.
        """
        return (
            named_by("llm_scenario", item) is not None
            or names_our_mock(item)
            or self._is_mocked_with_all(item)
        )

    def _begin(self, mock: MockLLM, item: pytest.Item | None) -> None:
        for prepare in self.prepare:
            prepare(mock, item)
        if item is None:
            return
        scenario = named_by("llm_scenario", item)
        if scenario is not None:
            mock.script(scenario)
        elif self._is_mocked_with_all(item):
            self._play_along(mock)

    def _is_mocked_with_all(self, item: pytest.Item) -> bool:
        return self._settings.mock is not None and not uses_mock(item)

    def _play_along(self, mock: MockLLM) -> None:
        if self._named_for_all is None:
            mock.reply()
        else:
            mock.script(self._named_for_all)

    @property
    def _named_for_all(self) -> str | None:
        return None if self._settings.mock == PLAIN_MOCK else self._settings.mock

    def _check(self, profile: str, scenario: str | None, where: str = "") -> None:
        library = self.library
        try:
            check_profile(profile, library.profiles)
            if scenario is not None:
                library.scenario(scenario)
        except UnderstudyError as error:
            msg = f"{where}{error}"
            raise pytest.UsageError(msg) from error

    def _find_library(self) -> MockLibrary:
        golden, root = Path(self._settings.golden_dir), self._config.rootpath
        try:
            found = find_mock_library(self._extensions, golden, pyproject=root / "pyproject.toml")
        except UnderstudyError as error:
            raise pytest.UsageError(str(error)) from error
        recorded = RecordedProfile(root, self._extensions.apis)
        return replace(found, profiles=found.profiles.with_recorded(recorded))

    def _ask_plugins(self, item: object, call: IncomingCall) -> Any:
        hook = item.ihook if isinstance(item, pytest.Item) else self._config.hook
        return hook.pytest_llm_unmatched_call(item=item, request=call)


def _test_of(owner: Owner) -> pytest.Item | None:
    return owner.item if isinstance(owner.item, pytest.Item) else None
