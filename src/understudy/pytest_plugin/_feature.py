"""What the session asks of each of its features, one after the other."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pytest

    from ..reports import Line
    from ._running_test import RunningTest
    from ._stage_failures import StageFailures
    from .run import FinishedRun


#: What a feature is asked for by that has to do with runs only.
NO_TEST: Final = frozenset({"-"})


class Feature:
    """A part of the session that tests know by a name, as mocks, cassettes or budgets.

    All answers are empty here: who derives from it gives those that differ. Features are
    asked in the order of `Features`. What a feature needs of another, it gets when it is made.
    `asked_by` are the markers and fixtures by which a test asks for it; where there are none it
    has to do with every test.
    """

    asked_by: frozenset[str] = frozenset()

    def begin_run(self) -> AbstractContextManager[object]:
        """Return what holds from now until pytest has ended."""
        return nullcontext()

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Take the tests that are about to run, in the process that runs them.

        What a marker may hold was checked before, by `_markers`.

        Raises:
            pytest.UsageError: says which marker of which test.
        """

    def guards(self, test: RunningTest) -> bool | None:  # noqa: ARG002
        """Tell whether the network is blocked for a test that begins.

        False says that it has to reach the network, as a cassette does that records, and goes
        before any True; None is no opinion.
        """
        return None

    def begin_test(self, test: RunningTest) -> AbstractContextManager[object]:  # noqa: ARG002
        """Return what holds from before the first fixture until the last one is torn down.

        Features are entered in order and left in reverse.
        """
        return nullcontext()

    def failures(self, test: RunningTest) -> StageFailures | None:  # noqa: ARG002
        """Return what went wrong in the stage of a test that has just ended.

        Asked in reverse order, while everything is still in force; `test.outcome` is what the
        stage raised.
        """
        return None

    def judge_test(self, test: RunningTest) -> None:
        """Fail a test that is torn down, and whose streams are all recorded, by `pytest.fail`."""

    def report(self, test: RunningTest, report: pytest.TestReport) -> None:
        """Take the report of one stage of a test; add to it what others are to read there."""

    def handover(self) -> dict[str, Any]:
        """Return, in a worker at its end, what `take` needs in the controller: plain values."""
        return {}

    def has_news(self) -> bool:
        """Tell, in a worker at its end, whether a controller without a session must have one."""
        return False

    def take(self, handed: dict[str, Any]) -> None:
        """Take, in the controller, what a worker handed over."""

    def judge(self, run: FinishedRun) -> pytest.ExitCode | None:  # noqa: ARG002
        """Judge a run in the controller, before other plugins close their files and reports.

        What is returned fails the run. Fixtures of an interrupted test are still set up.
        """
        return None

    def finish(self, run: FinishedRun) -> pytest.ExitCode | None:  # noqa: ARG002
        """End a run in the controller, when all other plugins have; what is returned fails it."""
        return None

    def facts(self) -> Iterable[Line]:
        """Return what stands in our section of pytest's summary."""
        return ()

    def notices(self) -> Iterable[Line]:
        """Return what stands below: what the user has to know, and why the run fails."""
        return ()

    def section(self) -> tuple[str, Sequence[Line]] | None:
        """Return the title and lines of a section of its own; None for none."""
        return None
