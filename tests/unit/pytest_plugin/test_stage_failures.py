"""What is said of calls that found no answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from understudy.clock import RealClock
from understudy.mock import MockError, UnmatchedCall
from understudy.pytest_plugin._running_test import RunningTest
from understudy.pytest_plugin._stage_failures import UnansweredCalls, judged
from understudy.telemetry import Owner


class Item:
    """As much of a test as is asked for."""

    def __init__(self, *kept: BaseException) -> None:
        self._excinfo = [SimpleNamespace(value=error) for error in kept]


def unmatched(text: str = "no answer") -> UnmatchedCall:
    """Return the error of a call."""
    call: Any = None
    return UnmatchedCall(text, call)


def end_of(
    outcome: BaseException | None, *errors: MockError, kept: BaseException | None = None
) -> BaseException | None:
    """Return what a stage ends with that raised `outcome`, and in which these calls were made."""
    item: Any = Item(*([] if kept is None else [kept]))
    test = RunningTest(item, Owner(), RealClock())
    stage = judged(test, lambda: [UnansweredCalls(errors, plain=UnmatchedCall)])
    next(stage)
    try:
        if outcome is None:
            next(stage)
        else:
            stage.throw(outcome)
    except StopIteration:
        return None
    except BaseException as error:  # noqa: BLE001 - that is the question
        return error
    return None


def behind(cause: BaseException, error: BaseException) -> BaseException:
    """Return an error that came of another one."""
    error.__context__ = cause
    return error


def test_no_calls_in_vain_change_nothing() -> None:
    """The outcome stays."""
    error = ValueError("x")

    assert end_of(error) is error
    assert end_of(None) is None


@pytest.mark.parametrize("skip", [None, pytest.skip.Exception("no model")])
def test_a_hidden_call_fails_the_test(skip: BaseException | None) -> None:
    """In its words."""
    failure = end_of(skip, unmatched())

    assert isinstance(failure, pytest.fail.Exception)
    assert str(failure) == "no answer"


@pytest.mark.parametrize("wrap", [False, True])
def test_an_error_that_comes_of_the_call_gives_way(wrap: bool) -> None:  # noqa: FBT001
    """Directly, as a cause, or in a group."""
    error = unmatched()
    outcome = behind(error, RuntimeError("no model")) if wrap else error

    failure = end_of(BaseExceptionGroup("tasks", [outcome]), error)

    assert str(failure) == "no answer"


def test_another_error_is_told_in_a_note() -> None:
    """It keeps its own words."""
    outcome = AssertionError("x")

    assert end_of(outcome, unmatched()) is outcome
    assert outcome.__notes__ == ["no answer"]


def test_an_error_of_the_tests_own_rule_stays() -> None:
    """Its traceback shows where the rule failed."""
    error = MockError("the function raised")

    assert end_of(error, error) is error
    assert not hasattr(error, "__notes__")


@pytest.mark.parametrize("outcome", [KeyboardInterrupt(), pytest.exit.Exception("enough")])
def test_an_interruption_goes_first(outcome: BaseException) -> None:
    """Nobody asked what the calls did."""
    assert end_of(outcome, unmatched()) is outcome


def test_what_unittest_keeps_is_the_outcome() -> None:
    """And gives way like one."""
    error = unmatched()

    assert str(end_of(None, error, kept=error)) == "no answer"


def test_three_different_ones_are_told() -> None:
    """The others are counted."""
    failure = end_of(None, *(unmatched(f"call {number // 2}") for number in range(12)))

    text = str(failure)
    assert text.split("\n\n")[:3] == ["call 0", "call 1", "call 2"]
    assert text.endswith("… and 3 further calls found no answer.")
