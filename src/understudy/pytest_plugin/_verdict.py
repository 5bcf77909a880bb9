"""What a stage of a test ends with, when calls in it found no answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

#: So many are told in full.
_TOLD: Final = 3
_NO_OUTCOME: Final = (KeyboardInterrupt, SystemExit, pytest.exit.Exception)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The calls of a test that found no answer; an outcome of the type `plain` gives way."""

    item: pytest.Item
    errors: Sequence[BaseException]
    plain: type[BaseException]

    def on(self, outcome: BaseException | None) -> BaseException | None:
        """Return what fails the test; None where its outcome says enough.

        An outcome that comes of an unmatched call gives way to plain words, without the path
        that it took through an SDK. Any other outcome keeps its own words, and is told of the
        calls in a note.
        """
        outcome = outcome or self._kept_by_unittest()
        if not self.errors or isinstance(outcome, _NO_OUTCOME):
            return None
        told = list(_behind(outcome))
        untold = [error for error in self.errors if error not in told]
        if any(isinstance(error, self.plain) for error in told):
            return self._failure(self.errors)
        if outcome is None or isinstance(outcome, pytest.skip.Exception):
            return self._failure(untold)
        if untold:
            outcome.add_note(_words(untold))
        return None

    def _failure(self, errors: Sequence[BaseException]) -> BaseException:
        self._forget_what_unittest_kept()
        return pytest.fail.Exception(_words(errors), pytrace=False)

    def _kept_by_unittest(self) -> BaseException | None:
        """Return the error that a unittest.TestCase keeps for pytest, instead of raising it."""
        kept: Any = getattr(self.item, "_excinfo", None)
        return kept[0].value if kept else None

    def _forget_what_unittest_kept(self) -> None:
        kept: Any = getattr(self.item, "_excinfo", None)
        if kept:
            kept.clear()


def judged(verdict: Callable[[], Verdict]) -> Generator[None, Any, Any]:
    """Let a stage of a test run, and end it as the verdict says that is asked for then.

    For `yield from` in a wrapper of pytest's hook.
    """
    try:
        result = yield
    except BaseException as error:
        failure = verdict().on(error)
        if failure is None:
            raise
        raise failure from None
    failure = verdict().on(None)
    if failure is not None:
        raise failure
    return result


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, what caused it, and what it groups."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _words(errors: Sequence[BaseException]) -> str:
    return "\n\n".join(_told(errors))


def _told(errors: Sequence[BaseException]) -> Iterator[str]:
    messages = list(dict.fromkeys(str(error) for error in errors))
    yield from messages[:_TOLD]
    if len(messages) > _TOLD:
        yield f"… and {len(messages) - _TOLD} further calls found no answer."
