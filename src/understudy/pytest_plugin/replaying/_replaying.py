"""Puts the cassette of a test in force, and fails the test of what it cannot answer."""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from ...cassettes import OnExpiry
from ...cassettes.player import CassetteMiss
from ...errors import CassetteError, UnderstudyError
from ...intercept.cassettes import ACTIVE_CASSETTES, CassetteAnswerer
from .._verdict import Verdict, judged
from ..mocking import dummy_keys
from ._account import Account
from ._attach import attach
from ._choice import Choosing
from ._rivals import rival_in
from ._shop import Shop

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from ...app import Extensions, Instrumentation
    from ...cassettes import Cassette
    from ...cassettes.player import CassettePlayer
    from ...clock import Clock
    from ...settings import Settings
    from ...telemetry import Owner
    from .._answering import Answering
    from ..guarding import Guarding
    from ._choice import Choice


class Replaying:
    """The cassettes of the tests of a process. Hears the stages of each test.

    Args:
        answering: what asks the cassettes, behind the mocks.
        guarding: blocks the network for tests that only play.
        clock: what recorded moments pass on.
    """

    def __init__(
        self,
        config: pytest.Config,
        settings: Settings,
        extensions: Extensions,
        *,
        rig: Instrumentation,
        answering: Answering,
        guarding: Guarding,
        clock: Clock,
    ) -> None:
        self._config = config
        self._settings = settings
        self._extensions = extensions
        self._clock = clock
        self._guarding = guarding
        self._ownership = rig.telemetry.ownership
        self._rival = rival_in(config)
        serves_vcr = settings.vcr_marker and self._rival is None
        self._choosing = Choosing(settings, serves_vcr=serves_vcr)
        self._players: dict[Owner, CassettePlayer] = {}
        self._told: list[CassetteMiss] = []
        self.account = Account(config, settings, rival=self._rival)
        guarding.reasons.append(self._is_guarded)
        owner = self._ownership.current
        answering.members.append(CassetteAnswerer(ACTIVE_CASSETTES.stack, current_owner=owner))

    @cached_property
    def shop(self) -> Shop:
        """What the cassettes have in common.

        Raises:
            pytest.UsageError: the table of cassettes is wrong.
        """
        try:
            return Shop(self._config.rootpath, self._settings, self._extensions, clock=self._clock)
        except UnderstudyError as error:
            raise pytest.UsageError(str(error)) from error

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let `use_cassette` in this run follow its options, and hear of the tests."""
        for part, name in ((self, "understudy-cassettes"), (self.account, "understudy-played")):
            self._config.pluginmanager.register(part, name)
        if "cassettes" in self._extensions.tables:
            self.shop  # noqa: B018 - a wrong table is told at once
        with ACTIVE_CASSETTES.hosted(
            lambda: self.shop.defaults(self._choosing.default_mode()), self._heard
        ):
            yield

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Give each test the cassette that its markers ask for, before any test runs.

        Raises:
            pytest.UsageError: a marker is called wrongly, or contradicts another.
        """
        for item in items:
            choice = self._choosing.of(item)
            if choice is not None:
                attach(item)
                self.account.record.names(self.shop.name_of(choice.path), item.nodeid)

    @contextmanager
    def cassette_of(self, item: pytest.Item, owner: Owner) -> Iterator[Cassette]:
        """Put the cassette of a test in force for its calls; save it when the test is over."""
        choice = self._choosing.of(item) or self._choosing.plain(item)
        player = self._open(choice)
        with ExitStack() as stack:
            if not choice.goes_live:
                stack.enter_context(dummy_keys())
                stack.enter_context(self._guarding.protected(owner))
            stack.enter_context(ACTIVE_CASSETTES.put(player, owner))
            self._players[owner] = player
            stack.callback(self._players.pop, owner)
            yield player.cassette
        self._close(player, item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Fail the test where nothing answered one of its calls, whatever became of the error."""
        owner = self._ownership.current()
        return (yield from judged(lambda: self._verdict(item, owner)))

    @contextmanager
    def _heard(self, player: CassettePlayer) -> Iterator[None]:
        """Take account of a cassette that `use_cassette` opens, for whoever opened it."""
        item = self._ownership.current().item
        try:
            yield
        finally:
            self.account.note_use(player, item if isinstance(item, pytest.Item) else None)

    def _verdict(self, item: pytest.Item, owner: Owner) -> Verdict:
        player = self._players.get(owner)
        return Verdict(item, self._untold(player) if player else (), plain=CassetteMiss)

    def _untold(self, player: CassettePlayer) -> list[CassetteMiss]:
        untold = [miss for miss in player.misses if miss not in self._told]
        self._told += untold
        return untold

    def _is_guarded(self, item: pytest.Item) -> bool | None:
        choice = self._choosing.of(item)
        return None if choice is None else not choice.goes_live

    def _open(self, choice: Choice) -> CassettePlayer:
        try:
            player = self.shop.player(choice)
        except CassetteError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        expired = self.shop.expired(player)
        if expired is not None:
            if self.shop.settings.on_expiry is OnExpiry.FAIL:
                pytest.fail(expired.text, pytrace=False)
            warnings.warn(pytest.PytestWarning(expired.text), stacklevel=1)
        return player

    def _close(self, player: CassettePlayer, item: pytest.Item) -> None:
        """Save a cassette; what goes wrong, and what nobody was told, fails the teardown."""
        problems = [str(miss) for miss in self._untold(player)]
        try:
            player.close()
        except (CassetteError, OSError) as error:
            problems.append(str(error))
        self.account.note(player, item)
        if problems:
            pytest.fail("\n\n".join(problems), pytrace=False)
