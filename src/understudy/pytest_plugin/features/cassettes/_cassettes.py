"""Puts the cassette of a test in force, and fails the test of what it cannot answer."""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from ....cassettes import Cassette, OnExpiry, RecordMode
from ....cassettes.player import CassetteMiss, CassettePlayer
from ....clock import Clock, utc_now
from ....errors import CassetteError, UnderstudyError
from ....intercept.cassettes import ACTIVE_CASSETTES
from ....reports import Line
from ..._feature import Feature
from ..._stage_failures import UnansweredCalls
from ...markers._choice import CassetteChoice, ChosenCassette
from ._defaults import RunCassettes
from ._usage import CassetteUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ....cassettes.defaults import CassetteDefaults
    from ....telemetry import Owner, Ownership
    from ..._context import RunContext
    from ..._running_test import RunningTest
    from ...run import FinishedRun


class Cassettes(Feature):
    """The cassettes of the tests of a process.

    Args:
        clock: what recorded moments pass on.
        protected: blocks the network for an owner beside a cassette that only plays.
    """

    asked_by = frozenset({"llm_cassette", "vcr"})

    def __init__(
        self,
        context: RunContext,
        ownership: Ownership,
        *,
        clock: Clock,
        protected: Callable[[Owner | None], AbstractContextManager[None]],
    ) -> None:
        self._context = context
        self._ownership = ownership
        self._clock = clock
        self._protected = protected
        self._choice = CassetteChoice(context.config, context.settings)
        self._players: dict[Owner, CassettePlayer] = {}
        self._told: list[CassetteMiss] = []
        self._paths: dict[str, str] = {}
        self._began: set[tuple[str, Path]] = set()
        self._passed: dict[str, bool] = {}
        self._usage = CassetteUsage()

    @cached_property
    def _of_run(self) -> RunCassettes:
        """What the cassettes have in common.

        Raises:
            pytest.UsageError: the table of cassettes is wrong.
        """
        try:
            return RunCassettes.read(self._context, clock=self._clock)
        except UnderstudyError as error:
            raise pytest.UsageError(str(error)) from error

    @contextmanager
    def begin_run(self) -> Iterator[None]:
        """Let `use_cassette` in this run follow its options, and hear of it."""
        if "cassettes" in self._context.extensions.tables:
            self._of_run  # noqa: B018 - a wrong table is told at once
        with ACTIVE_CASSETTES.hosted(self._defaults, self._heard):
            yield

    def _defaults(self) -> CassetteDefaults:
        mode, note = self._choice.default_mode()
        return replace(self._of_run.defaults, record_mode=RecordMode.named(mode), note=note)

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Note which cassettes the tests name."""
        for item in items:
            chosen = self._choice.of(item)
            if chosen is not None:
                self._usage.record.names(self._of_run.defaults.name_of(chosen.path), item.nodeid)

    def guards(self, test: RunningTest) -> bool | None:
        """Guard a test whose cassette only plays; one that records has to reach the network."""
        chosen = self._chosen(test.item)
        return None if chosen is None else not chosen.goes_live

    def failures(self, test: RunningTest) -> UnansweredCalls | None:
        """Return what the cassette did not answer in the test's own code; closing it tells more."""
        player = self._players.get(test.owner)
        if player is None or test.stage != "call":
            return None
        return UnansweredCalls(self._untold(player), plain=CassetteMiss)

    def report(self, test: RunningTest, report: pytest.TestReport) -> None:
        """Note how a test that has a cassette ended."""
        node_id = test.item.nodeid
        before = report.when == "setup" or self._passed.get(node_id, True)
        self._passed[node_id] = before and report.passed
        if report.when == "teardown":
            passed, name = self._passed.pop(node_id), self._paths.pop(node_id, None)
            if name is not None:
                self._usage.record.ended(name, node_id, passed=passed)

    @contextmanager
    def cassette_of(self, item: pytest.Item, owner: Owner) -> Iterator[Cassette]:
        """Put the cassette of a test in force for its calls; save it when the test is over."""
        chosen = self._chosen(item) or self._choice.plain(item)
        player = self._open(chosen)
        with ExitStack() as stack:
            if not chosen.goes_live:
                stack.enter_context(self._protected(owner))
            stack.enter_context(ACTIVE_CASSETTES.put(player, owner))
            self._players[owner] = player
            stack.callback(self._players.pop, owner)
            yield player.cassette
        self._close(player, owner, item)

    def _chosen(self, item: pytest.Item) -> ChosenCassette | None:
        """Return what a test asks for; a rerun goes on recording what this run began to record."""
        chosen = self._choice.of(item)
        if chosen is None or chosen.record_mode != RecordMode.ONCE:
            return chosen
        began = (item.nodeid, chosen.path) in self._began
        return replace(chosen, record_mode=RecordMode.NEW_EPISODES.value) if began else chosen

    def handover(self) -> dict[str, Any]:
        """Return what a worker tells of its cassettes."""
        return self._usage.handover()

    def has_news(self) -> bool:
        """Tell whether any cassette was asked for."""
        return bool(self._usage.record.cassettes)

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed over."""
        self._usage.take(handed)

    def finish(self, run: FinishedRun) -> None:
        """Write what was played."""
        self._usage.write(self._context.config, run.exit_status)

    def facts(self) -> Iterator[Line]:
        """Yield how the tests with cassettes fared."""
        every = self._context.config.get_verbosity() > 0
        return map(Line, self._usage.verdicts.lines(every=every))

    def notices(self) -> Iterator[Line]:
        """Yield what the user has to know."""
        rival = self._choice.rival
        if rival is not None and self._context.settings.vcr_marker:
            text = (
                f"llm_vcr_marker is on, but {rival} serves the tests that are marked with"
                f" vcr: they are left to it. Uninstall it, or switch it off with -p no:…"
            )
            yield Line(f"understudy: {text}", {"yellow": True})
        if self._usage.unwritten is not None:
            text = (
                f"what was played could not be noted ({self._usage.unwritten}): `understudy"
                " cassettes orphans` knows nothing of this run"
            )
            yield Line(f"understudy: {text}", {"yellow": True})

    @contextmanager
    def _heard(self, player: CassettePlayer) -> Iterator[None]:
        """Take account of a cassette that `use_cassette` opens, for whoever opened it."""
        owner = self._ownership.current()
        try:
            yield
        finally:
            self._usage.note_use(player, owner)

    def _untold(self, player: CassettePlayer) -> list[CassetteMiss]:
        untold = [miss for miss in player.misses if miss not in self._told]
        self._told += untold
        return untold

    def _open(self, chosen: ChosenCassette) -> CassettePlayer:
        try:
            player = self._of_run.open(chosen)
        except CassetteError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        settings = self._of_run.settings
        age = settings.max_age
        expired = None if age is None else player.cassette.expired(age, utc_now())
        if expired is not None:
            if settings.on_expiry is OnExpiry.FAIL:
                pytest.fail(expired.text, pytrace=False)
            warnings.warn(pytest.PytestWarning(expired.text), stacklevel=1)
        return player

    def _close(self, player: CassettePlayer, owner: Owner, item: pytest.Item) -> None:
        """Save a cassette; what goes wrong, and what nobody was told, fails the teardown."""
        problems = [str(miss) for miss in self._untold(player)]
        try:
            player.close()
        except (CassetteError, OSError) as error:
            problems.append(str(error))
        self._paths[item.nodeid] = player.name
        if player.cassette.recorded:
            self._began.add((item.nodeid, player.cassette.path))
        self._usage.note(player, owner, item)
        if problems:
            pytest.fail("\n\n".join(problems), pytrace=False)
