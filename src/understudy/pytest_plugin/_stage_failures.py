"""What a stage of a test ends with, when something went wrong that it may have swallowed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

import pytest

from ..errors import errors_behind, printable_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from ._running_test import RunningTest

#: So many calls are told in full.
_TOLD: Final = 3
_NO_OUTCOME: Final = (KeyboardInterrupt, SystemExit, pytest.exit.Exception)


class StageFailures(ABC):
    """The `problems` of a stage, all of one kind, whatever became of the errors that told of them.

    They fail a stage that passed. An outcome that comes of them may give way to plain words,
    without the path that it took through an SDK; any other one keeps its own words, and is told
    of the rest in a note.
    """

    def __init__(self, problems: Sequence[Any]) -> None:
        self.problems = list(problems)

    @abstractmethod
    def told_by(self, outcome: BaseException) -> list[Any]:
        """Return the problems that an outcome tells of."""

    @abstractmethod
    def gives_way(self, outcome: BaseException) -> bool:
        """Tell whether the problems say better what an outcome says."""

    @abstractmethod
    def words(self, problems: Sequence[Any]) -> str:
        """Say what went wrong."""

    def overrule_skip(self) -> bool:
        """Tell whether a test fails that skips itself."""
        return bool(self.problems)

    def on(self, outcome: BaseException | None) -> BaseException | None:
        """Return what the stage ends with: `outcome` itself, where that says enough."""
        if isinstance(outcome, _NO_OUTCOME):
            return outcome
        if outcome is None or (_is_skip(outcome) and self.overrule_skip()):
            return _failure(self.words(self.problems)) if self.problems else outcome
        told = self.told_by(outcome)
        if self.gives_way(outcome):
            further = [problem for problem in told if problem not in self.problems]
            return _failure(self.words([*self.problems, *further]))
        untold = [problem for problem in self.problems if problem not in told]
        if untold:
            outcome.add_note(self.words(untold))
        return outcome


class UnansweredCalls(StageFailures):
    """Errors of calls that found no answer; an outcome that a `plain` one is behind gives way."""

    def __init__(self, errors: Sequence[BaseException], *, plain: type[BaseException]) -> None:
        super().__init__(errors)
        self._plain = plain

    def told_by(self, outcome: BaseException) -> list[Any]:
        """Return those that are behind an outcome."""
        return [error for error in errors_behind(outcome) if error in self.problems]

    def gives_way(self, outcome: BaseException) -> bool:
        """Tell whether an unanswered call is behind an outcome."""
        behind = errors_behind(outcome)
        return bool(self.problems) and any(isinstance(error, self._plain) for error in behind)

    def words(self, problems: Sequence[Any]) -> str:
        """Say each different thing once, and count those that are too many."""
        messages = list(dict.fromkeys(str(error) for error in problems))
        more = len(messages) - _TOLD
        rest = [f"… and {more} further calls found no answer."] if more > 0 else []
        return "\n\n".join([*messages[:_TOLD], *rest])


def judged(
    test: RunningTest, failures: Callable[[], Iterable[StageFailures]]
) -> Generator[None, Any, Any]:
    """Let a stage of a test run, and end it as the `failures` say that are asked for then.

    For `yield from` in a wrapper of pytest's hook.
    """
    test.outcome = None
    try:
        result = yield
    except BaseException as error:
        test.outcome = error
        end = _end_of(test, failures())
        if end is None or end is error:
            raise
        raise end from None
    end = _end_of(test, failures())
    if end is not None:
        raise end
    return result


def _end_of(test: RunningTest, failures: Iterable[StageFailures]) -> BaseException | None:
    """Return what a stage ends with; None where it ends as it did."""
    kept: Any = getattr(test.item, "_excinfo", None) if test.outcome is None else None
    outcome = kept[0].value if kept else test.outcome  # of a unittest.TestCase pytest keeps it
    end = outcome
    for each in failures:
        end = each.on(end)
    if end is outcome:
        return None
    if kept:
        kept.clear()
    return end


def _is_skip(outcome: BaseException) -> bool:
    return isinstance(outcome, pytest.skip.Exception)


def _failure(words: str) -> BaseException:
    return pytest.fail.Exception(printable_lines(words), pytrace=False)
