"""What is said of calls that found no answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from understudy.mock import MockError, UnmatchedCall
from understudy.pytest_plugin._verdict import Verdict


class Item:
    """As much of a test as is asked for."""

    def __init__(self, *kept: BaseException) -> None:
        self._excinfo = [SimpleNamespace(value=error) for error in kept]


def unmatched(text: str = "no answer") -> UnmatchedCall:
    """Return the error of a call."""
    call: Any = None
    return UnmatchedCall(text, call)


def verdict(*errors: MockError, item: Any = None) -> Verdict:
    """Return the verdict on a test that made these calls."""
    any_item: Any = Item()
    return Verdict(item or any_item, errors, plain=UnmatchedCall)


def behind(cause: BaseException, error: BaseException) -> BaseException:
    """Return an error that came of another one."""
    error.__context__ = cause
    return error


def test_no_calls_in_vain_no_verdict() -> None:
    """The outcome stays."""
    assert verdict().on(ValueError("x")) is None
    assert verdict().on(None) is None


@pytest.mark.parametrize("skip", [None, pytest.skip.Exception("no model")])
def test_a_hidden_call_fails_the_test(skip: BaseException | None) -> None:
    """In its words."""
    failure = verdict(unmatched()).on(skip)

    assert isinstance(failure, pytest.fail.Exception)
    assert str(failure) == "no answer"


@pytest.mark.parametrize("wrap", [False, True])
def test_an_error_that_comes_of_the_call_gives_way(wrap: bool) -> None:  # noqa: FBT001
    """Directly, as a cause, or in a group."""
    error = unmatched()
    outcome = behind(error, RuntimeError("no model")) if wrap else error

    failure = verdict(error).on(BaseExceptionGroup("tasks", [outcome]))

    assert str(failure) == "no answer"


def test_another_error_is_told_in_a_note() -> None:
    """It keeps its own words."""
    outcome = AssertionError("x")

    assert verdict(unmatched()).on(outcome) is None
    assert outcome.__notes__ == ["no answer"]


def test_an_error_of_the_tests_own_rule_stays() -> None:
    """Its traceback shows where the rule failed."""
    error = MockError("the function raised")

    assert verdict(error).on(error) is None
    assert not hasattr(error, "__notes__")


@pytest.mark.parametrize("outcome", [KeyboardInterrupt(), pytest.exit.Exception("enough")])
def test_an_interruption_goes_first(outcome: BaseException) -> None:
    """Nobody asked for a verdict."""
    assert verdict(unmatched()).on(outcome) is None


def test_what_unittest_keeps_is_the_outcome() -> None:
    """And gives way like one."""
    error = unmatched()
    item: Any = Item(error)

    assert str(verdict(error, item=item).on(None)) == "no answer"
    assert item._excinfo == []


def test_three_different_ones_are_told() -> None:
    """The others are counted."""
    failure = verdict(*(unmatched(f"call {number // 2}") for number in range(12))).on(None)

    text = str(failure)
    assert text.split("\n\n")[:3] == ["call 0", "call 1", "call 2"]
    assert text.endswith("… and 3 further calls found no answer.")
