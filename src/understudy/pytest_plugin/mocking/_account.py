"""What is said of mocks at the end of a run, and what fails it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from .._handover import KEY

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ...settings import Settings
    from ._cast import Cast
    from ._misses import Miss

#: What an xdist worker hands back of its mocks, among other things.
HANDED: Final = "mocking"
#: Ends of a run in which no call can be missed.
_UNTESTED: Final = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)


class Account:
    """Counts mocked calls, and keeps what nobody has been told yet.

    `hidden` are the tests whose own `mock_llm` hides ours, `strays` what was said of calls
    outside of any test that found no answer.
    """

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.cast: Cast | None = None
        self.hidden: list[str] = []
        self._config: Any = config
        self._settings = settings
        self._answered = 0
        self._has_tested = False
        self._strays: list[str] = []

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Hand over what a worker has; fail a run that made calls in vain."""
        result = yield
        strays = self._all_strays()
        self._has_tested = session.exitstatus not in _UNTESTED
        if hasattr(self._config, "workerinput"):
            handed = {"answered": self._all_answered, "hidden": self.hidden, "strays": strays}
            self._config.workeroutput.setdefault(KEY, {})[HANDED] = handed
        elif strays and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return result

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed back."""
        self._answered += handed["answered"]
        self.hidden += [one for one in handed["hidden"] if one not in self.hidden]
        self._strays += handed["strays"]

    def lines(self) -> Iterator[str]:
        """Yield what is to be said."""
        for stray in dict.fromkeys(self._all_strays()):
            yield f"the run fails, since {stray}"
        if self.hidden:
            others = f" and {len(self.hidden) - 1} more" if len(self.hidden) > 1 else ""
            yield (
                f"the mock_llm of {self.hidden[0]}{others} is the suite's own, but the markers"
                " speak of ours: ask for llm_mock, which is the same."
            )
        if self._is_idle("faults"):
            yield (
                f"the faults {', '.join(self._settings.faults)} were asked for, but no call was"
                " mocked, so they did nothing."
            )
        if self._is_idle("profile"):
            yield (
                f"the delay profile {self._settings.profile!r} was asked for, but no call was"
                " mocked: use the fixture mock_llm, the marker llm_scenario, or --llm-mock."
            )

    @property
    def _all_answered(self) -> int:
        return self._answered + (0 if self.cast is None else self.cast.answered)

    def _all_strays(self) -> list[str]:
        if self.cast is not None:
            self._strays += map(_told, self.cast.misses.take(lambda _: True))
        return self._strays

    def _is_idle(self, option: str) -> bool:
        """Tell whether an option of mocked calls was given for this run, and there were none."""
        if not getattr(self._settings, option) or not self._settings.outranks_marker(option):
            return False
        is_collecting = self._config.getoption("collectonly", default=False)
        return self._has_tested and not self._all_answered and not is_collecting


def _told(miss: Miss) -> str:
    test = miss.owner.phase_id
    where = f"of {test}, which had ended by then," if test else "outside of any test"
    return f"a call {where} found no answer: {miss.error}"
