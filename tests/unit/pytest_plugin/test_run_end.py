"""Who may fail a run, and when."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.pytest_plugin._feature import Feature
from understudy.pytest_plugin._run_end import RunEnd

OK, FAILED = pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED
EMPTY, CRASHED = pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.INTERNAL_ERROR
INTERRUPTED = pytest.ExitCode.INTERRUPTED


class Judge(Feature):
    """Wants a run to end so."""

    def __init__(self, wanted: pytest.ExitCode | Exception | None) -> None:
        self._wanted = wanted

    def judge(self, run: object) -> pytest.ExitCode | None:
        """Say so."""
        if isinstance(self._wanted, Exception):
            raise self._wanted
        return self._wanted


class Run:
    """As much of a run as is asked for."""

    def __init__(self) -> None:
        self.stored: list[int] = []

    def end(self, session: object, exit_status: int) -> None:
        """Take it."""

    def store_exit_status(self, exit_status: int) -> None:
        """Remember it."""
        self.stored.append(exit_status)


class Session:
    """As much of pytest's session as is asked for."""

    def __init__(self, exitstatus: pytest.ExitCode) -> None:
        self.exitstatus = exitstatus


class Config:
    """As much of pytest's configuration as is asked for."""

    option = None

    def __init__(self) -> None:
        self.told: list[str] = []

    def notify_exception(self, error: Any, option: object) -> None:
        """Remember it."""
        self.told.append(str(error.value))


def judged(
    before: pytest.ExitCode, *wanted: pytest.ExitCode | Exception | None
) -> tuple[pytest.ExitCode, list[int], list[str]]:
    """Return the exit status of a run, what was stored of it, and which exceptions were told."""
    config: Any = Config()
    run: Any = Run()
    session: Any = Session(before)
    features: Any = tuple(map(Judge, wanted))
    RunEnd(config, None, features, run).judge(session, int(before))  # type: ignore[arg-type]
    return session.exitstatus, run.stored, config.told


@pytest.mark.parametrize("before", [OK, EMPTY])
def test_a_feature_fails_a_run_that_is_not_red(before: pytest.ExitCode) -> None:
    """And the store learns of it."""
    assert judged(before, None, FAILED) == (FAILED, [FAILED], [])


def test_nobody_fails_it_nothing_happens() -> None:
    """The store has the right status already."""
    assert judged(OK, None, None) == (OK, [], [])


@pytest.mark.parametrize("before", [FAILED, INTERRUPTED])
def test_a_run_that_ended_badly_keeps_its_status(before: pytest.ExitCode) -> None:
    """It says more."""
    assert judged(before, FAILED)[0] is before


def test_a_feature_that_crashes_is_an_internal_error() -> None:
    """Whatever it is, the run must not be green."""
    assert judged(OK, ValueError("no such file")) == (CRASHED, [], ["no such file"])
