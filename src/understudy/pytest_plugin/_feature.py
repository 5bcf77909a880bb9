"""What the session asks of each of its features, one after the other."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pytest

    from ..reports import Line
    from ._running_test import RunningTest
    from ._stage_failures import StageFailures
    from .run import FinishedRun


class Feature(Protocol):
    """A part of the session that tests know by a name, as mocks, cassettes or budgets.

    Features are asked in the order of `Features`. What a feature needs of another, it gets when
    it is made. `asked_by` are the markers and fixtures by which a test asks for it; where they
    are empty it has to do with every test.
    """

    @property
    def asked_by(self) -> frozenset[str]:
        """Names of markers and fixtures."""
        ...

    def begin_run(self) -> AbstractContextManager[object]:
        """Return what holds from now until pytest has ended."""
        ...

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Take the tests that are about to run, in the process that runs them.

        What a marker may hold was checked before, by `_markers`.

        Raises:
            pytest.UsageError: says which marker of which test.
        """
        ...

    def guards(self, test: RunningTest) -> bool | None:
        """Tell whether the network is blocked for a test that begins.

        False says that it has to reach the network, as a cassette does that records, and goes
        before any True; None is no opinion.
        """
        ...

    def begin_test(self, test: RunningTest) -> AbstractContextManager[object]:
        """Return what holds from before the first fixture until the last one is torn down.

        Features are entered in order and left in reverse.
        """
        ...

    def failures(self, test: RunningTest) -> StageFailures | None:
        """Return what went wrong in the stage of a test that has just ended.

        Asked in reverse order, while everything is still in force; `test.outcome` is what the
        stage raised.
        """
        ...

    def judge_test(self, test: RunningTest) -> None:
        """Fail a test that is torn down, and whose streams are all recorded, by `pytest.fail`."""
        ...

    def report(self, test: RunningTest, report: pytest.TestReport) -> None:
        """Take the report of one stage of a test; add to it what others are to read there."""
        ...

    def handover(self) -> dict[str, Any]:
        """Return, in a worker at its end, what `take` needs in the controller: plain values."""
        ...

    def has_news(self) -> bool:
        """Tell, in a worker at its end, whether a controller without a session must have one."""
        ...

    def take(self, handed: dict[str, Any]) -> None:
        """Take, in the controller, what a worker handed over."""
        ...

    def judge(self, run: FinishedRun) -> pytest.ExitCode | None:
        """Judge a run in the controller, before other plugins close their files and reports.

        What is returned fails the run. Fixtures of an interrupted test are still set up.
        """
        ...

    def finish(self, run: FinishedRun) -> pytest.ExitCode | None:
        """End a run in the controller, when all other plugins have; what is returned fails it."""
        ...

    def facts(self) -> Iterable[Line]:
        """Return what stands in our section of pytest's summary."""
        ...

    def notices(self) -> Iterable[Line]:
        """Return what stands below: what the user has to know, and why the run fails."""
        ...

    def section(self) -> tuple[str, Sequence[Line]] | None:
        """Return the title and lines of a section of its own; None for none."""
        ...


class BaseFeature:
    """A feature that has nothing to do; satisfies `Feature`."""

    asked_by: frozenset[str] = frozenset()

    def begin_run(self) -> AbstractContextManager[object]:
        """Hold nothing."""
        return nullcontext()

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Refuse nothing."""

    def guards(self, test: RunningTest) -> bool | None:  # noqa: ARG002
        """Have no opinion."""
        return None

    def begin_test(self, test: RunningTest) -> AbstractContextManager[object]:  # noqa: ARG002
        """Hold nothing."""
        return nullcontext()

    def failures(self, test: RunningTest) -> StageFailures | None:  # noqa: ARG002
        """Nothing went wrong."""
        return None

    def judge_test(self, test: RunningTest) -> None:
        """Fail nothing."""

    def report(self, test: RunningTest, report: pytest.TestReport) -> None:
        """Add nothing."""

    def handover(self) -> dict[str, Any]:
        """Hand over nothing."""
        return {}

    def has_news(self) -> bool:
        """Have nothing to say."""
        return False

    def take(self, handed: dict[str, Any]) -> None:
        """Take nothing."""

    def judge(self, run: FinishedRun) -> pytest.ExitCode | None:  # noqa: ARG002
        """Fail nothing."""
        return None

    def finish(self, run: FinishedRun) -> pytest.ExitCode | None:  # noqa: ARG002
        """Fail nothing."""
        return None

    def facts(self) -> Iterable[Line]:
        """Say nothing."""
        return ()

    def notices(self) -> Iterable[Line]:
        """Say nothing."""
        return ()

    def section(self) -> tuple[str, Sequence[Line]] | None:
        """Have no section."""
        return None
