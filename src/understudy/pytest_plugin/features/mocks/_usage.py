"""What is said of the mocks of a run, and what fails it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ....settings import Settings
    from ._active import UnansweredCall

#: Ends of a run in which no call can be missed.
_UNTESTED: Final = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)


class MockUsage:
    """Counts mocked calls, and keeps what nobody has been told yet.

    `hidden` are the tests whose own `mock_llm` hides ours, `strays` what was said of calls
    outside of any test that found no answer.
    """

    def __init__(self, settings: Settings, *, is_collecting: bool) -> None:
        self.answered = 0
        self.hidden: list[str] = []
        self.strays: list[str] = []
        self._settings = settings
        self._is_collecting = is_collecting

    def stray(self, calls: Iterable[UnansweredCall]) -> None:
        """Keep calls that no test was told of."""
        self.strays += map(_words, calls)

    def handover(self) -> dict[str, Any]:
        """Return what a worker hands over."""
        return {"answered": self.answered, "hidden": self.hidden, "strays": self.strays}

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed over."""
        self.answered += handed["answered"]
        self.hidden += [one for one in handed["hidden"] if one not in self.hidden]
        self.strays += handed["strays"]

    def lines(self, exit_status: int) -> Iterator[str]:
        """Yield what is to be said at the end of a run."""
        for stray in dict.fromkeys(self.strays):
            yield f"the run fails, since {stray}"
        if self.hidden:
            others = f" and {len(self.hidden) - 1} more" if len(self.hidden) > 1 else ""
            yield (
                f"the mock_llm of {self.hidden[0]}{others} is the suite's own, but the markers"
                " speak of ours: ask for llm_mock, which is the same."
            )
        if self._is_idle("faults", exit_status):
            yield (
                f"the faults {', '.join(self._settings.faults)} were asked for, but no call was"
                " mocked, so they did nothing."
            )
        if self._is_idle("profile", exit_status):
            yield (
                f"the delay profile {self._settings.profile!r} was asked for, but no call was"
                " mocked: use the fixture mock_llm, the marker llm_scenario, or --llm-mock."
            )

        if self._is_asserting_on_real_answers(exit_status):
            yield (
                "tests failed under --llm-mock, which makes up what a model says: a test that"
                " asserts on a real answer (its words, a snapshot) needs that answer, from"
                " mock_llm.reply('…') or from a cassette."
            )

    def _is_asserting_on_real_answers(self, exit_status: int) -> bool:
        """Tell whether tests failed that may know nothing of the mock that answered them."""
        is_asked = self._settings.mock is not None and self._settings.outranks_marker("mock")
        return is_asked and self.answered > 0 and exit_status == pytest.ExitCode.TESTS_FAILED

    def _is_idle(self, option: str, exit_status: int) -> bool:
        """Tell whether an option of mocked calls was given for this run, and there were none."""
        if not getattr(self._settings, option) or not self._settings.outranks_marker(option):
            return False
        return not (exit_status in _UNTESTED or self.answered or self._is_collecting)


def _words(call: UnansweredCall) -> str:
    test = call.owner.phase_id
    where = f"of {test}, which had ended by then," if test else "outside of any test"
    return f"a call {where} found no answer: {call.error}"
