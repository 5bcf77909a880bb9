"""The guard: what protects a test from the network, and fails it of what was refused."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from ....intercept import guard as network
from ....providers import PROVIDERS
from ....reports import Line
from ..._feature import Feature
from ..._stage_failures import StageFailures
from ._usage import GuardUsage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ....app import Instrumentation
    from ....telemetry import Owner
    from ..._context import RunContext
    from ..._running_test import RunningTest
    from ...run import FinishedRun

#: Errors of ours that are told of their tests, whatever becomes of them.
_KEPT: Final = frozenset({"cassette-miss", "mock", "unmatched-call"})
_NEEDS: Final = tuple(need for provider in PROVIDERS for need in provider.needs)


class RefusedCall(network.CallRefused, pytest.fail.Exception):  # type: ignore[misc,name-defined]
    """A call to a provider was refused in a test.

    As a failure of pytest's it leaves fixtures and their finalizers in order, wherever it is
    raised; SDKs do not catch it.
    """

    def __init__(self, refusal: network.Refusal) -> None:
        super().__init__(refusal)
        self.pytrace = False


class RefusedCalls(StageFailures):
    """What was refused in a stage."""

    def told_by(self, outcome: BaseException) -> list[Any]:
        """Return what is behind an outcome."""
        return list(network.refusals_behind(outcome))

    def gives_way(self, outcome: BaseException) -> bool:
        """Tell whether an outcome is a refused call, or a group of nothing else."""
        if isinstance(outcome, BaseExceptionGroup):
            return outcome.split(network.CallRefused)[1] is None
        return isinstance(outcome, network.CallRefused)

    def words(self, problems: Sequence[Any]) -> str:
        """Say each different thing once."""
        return "\n\n".join(dict.fromkeys(refusal.message for refusal in problems))

    def overrule_skip(self) -> bool:
        """Tell whether a call was refused: a test that skips itself may do without the rest."""
        return any(refusal.is_call for refusal in self.problems)


class NetworkGuard(Feature):
    """Refuses what would leave this machine while a guarded test runs.

    The session says which test is guarded, and asks for what was refused around everything
    that other plugins do in a stage. A test that has ended stays guarded: what it left behind is
    refused on its behalf, and fails the run. `reports` are dropped where it is guarded.
    """

    def __init__(
        self, context: RunContext, instrumentation: Instrumentation, reports: network.Reports
    ) -> None:
        self._settings = context.settings
        self._owner = instrumentation.telemetry.ownership.current
        self._faults = instrumentation.faults
        self._guard = network.Guard(
            current_owner=self._owner,
            calling=instrumentation.taps.calling,
            apis=context.extensions.apis,
            refuse=RefusedCall,
        )
        reports.guard = self._guard
        self._session = ExitStack()
        self._is_installed = False
        self._everybody = 0
        self._is_exempt = context.settings.allow_live
        self._test: ExitStack | None = None
        self._blocks: list[network.Block] = []
        self._told: list[network.Refusal] = []
        self._tested: Owner | None = None
        self._usage = GuardUsage()

    @contextmanager
    def begin_run(self) -> Iterator[None]:
        """Let go, at the end, of a test that was interrupted: it has no teardown."""
        with self._session, quiet_threads():
            try:
                yield
            finally:
                self.end_test()

    def guard_test(self, opinions: Iterable[bool | None]) -> None:
        """Guard the test that begins, where one of the `opinions` is for it and none against."""
        wanted, self._tested = list(opinions), self._owner()
        self._is_exempt = self._settings.allow_live or False in wanted
        self._test = ExitStack()
        if self._settings.block_network or self._everybody:
            self._cover(None)
        elif any(wanted):
            self._cover(self._owner())

    @contextmanager
    def protected(self, owner: Owner | None) -> Iterator[None]:
        """Guard what `owner` does, from now until its test ends; None is everybody.

        Everybody stays guarded in the tests that follow, until this is left. Until then, too,
        SDKs find keys without which they would refuse to start.
        """
        self._everybody += owner is None
        self._cover(owner)
        try:
            with dummy_keys():
                yield
        finally:
            self._everybody -= owner is None

    def refusals(self, test: RunningTest) -> RefusedCalls:
        """Return what was refused since this was asked last; not after a set-up that passed."""
        if test.stage == "setup" and test.outcome is None:
            return RefusedCalls(())
        refused = (refusal for block in self._blocks for refusal in block.refusals)
        news = [refusal for refusal in refused if refusal not in self._told]
        self._told += news
        late = [refusal for refusal in news if _is_late(refusal, test.owner)]
        if late:
            self._usage.stray(late)
        return RefusedCalls([refusal for refusal in news if refusal not in late])

    def end_test(self) -> None:
        """Let go of the test that ran last, where it is still guarded."""
        if self._blocks and self._tested is not None:
            self._guard.keep(self._tested, allowed=self._settings.allowed_hosts)
        if self._test is not None:
            self._test.close()
        self._test, self._is_exempt = None, self._settings.allow_live
        self._blocks.clear()
        self._told.clear()

    def handover(self) -> dict[str, Any]:
        """Return what no test was told of; note what was not guarded as it should be."""
        self._close_books()
        return self._usage.handover()

    def has_news(self) -> bool:
        """Tell whether there is something that no test was told of."""
        return self._usage.has_news()

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed over."""
        self._usage.take(handed)

    def finish(self, run: FinishedRun) -> pytest.ExitCode | None:
        """Fail a run in which something was refused to a test that had ended."""
        self._close_books()
        is_failed = self._usage.strays and run.exit_status == pytest.ExitCode.OK
        return pytest.ExitCode.TESTS_FAILED if is_failed else None

    def notices(self) -> Iterator[Line]:
        """Yield what the user has to know."""
        for text in self._usage.lines():
            yield Line(f"understudy: {text}", {"yellow": True})

    def _close_books(self) -> None:
        self._note_unsupported()
        self._usage.stray(self._guard.late_refusals)
        self._usage.dropped.update(self._guard.dropped)
        if self._is_installed:
            self._usage.see(network.unseen_modules())

    def _note_unsupported(self) -> None:
        for module in dict.fromkeys(self._guard.unsupported):
            self._faults.note(
                f"guarding {module}",
                "it is of a version that the guard does not know; what was sent on its open "
                "connections was not refused",
            )

    def _cover(self, owner: Owner | None) -> None:
        """Block the network for an owner until the test ends that runs now."""
        if self._test is None and owner is not None:
            self._test = ExitStack()  # this session began in the middle of the test
        is_covered = any(block.owner in (None, owner) for block in self._blocks)
        if self._is_exempt or is_covered or self._test is None:
            return
        if not self._is_installed:
            self._is_installed = True
            self._session.enter_context(self._guard)  # once, and not anew for each test
        block = self._guard.block(owner, allowed=self._settings.allowed_hosts)
        self._blocks.append(self._test.enter_context(block))


def _is_late(refusal: network.Refusal, running: Owner) -> bool:
    """Tell whether a test was refused something that is not the one that runs."""
    owner = refusal.owner
    return owner not in (None, running.phase_id) and not str(owner).startswith("fixture:")


@contextmanager
def quiet_threads() -> Iterator[None]:
    """Let threads end in silence of what we keep: pytest warns of it in whichever test runs."""
    before = threading.excepthook

    def excepthook(args: threading.ExceptHookArgs) -> None:
        error = args.exc_value
        if getattr(error, "slug", None) not in _KEPT and not any(network.refusals_behind(error)):
            before(args)

    threading.excepthook = excepthook
    try:
        yield
    finally:
        if threading.excepthook is excepthook:
            threading.excepthook = before


@contextmanager
def dummy_keys() -> Iterator[None]:
    """Set what the environment lacks, and take it back."""
    added = _missing()
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in added.items():
            if os.environ.get(name) == value:
                del os.environ[name]


def _missing() -> dict[str, str]:
    return {
        name: dummy
        for need in _NEEDS
        if not any(os.environ.get(name) for name in need.names)
        for name, dummy in need.dummies
    }
