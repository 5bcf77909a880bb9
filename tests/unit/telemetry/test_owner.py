"""Whose call it is."""

from __future__ import annotations

import contextvars
import threading

import pytest

from understudy.telemetry import Owner, Ownership


def test_before_any_test_it_is_the_runs() -> None:
    """And after the last one again."""
    run = Owner()
    ownership = Ownership(run)

    before = ownership.current()
    ownership.enter(Owner("a"))
    ownership.leave()

    assert before is ownership.current() is run


def test_the_owner_that_entered_last_is_the_current_one() -> None:
    """One test after the other."""
    ownership = Ownership(Owner())
    first, second = Owner("a"), Owner("b")

    ownership.enter(first)
    ownership.enter(second)

    assert ownership.current() is second


def test_code_that_was_begun_for_a_test_stays_with_it() -> None:
    """A context copied while the first test ran still says so when the second one runs."""
    ownership = Ownership(Owner())
    first = Owner("a")
    ownership.enter(first)
    begun = contextvars.copy_context()

    ownership.enter(Owner("b"))

    assert begun.run(ownership.current) is first


def test_code_without_an_owner_works_for_the_active_one() -> None:
    """A bare thread has an empty context."""
    ownership = Ownership(Owner())
    test = Owner("a")
    ownership.enter(test)
    found: list[Owner] = []

    thread = threading.Thread(target=lambda: found.append(ownership.current()))
    thread.start()
    thread.join()

    assert found == [test]


def test_a_fixture_owns_while_its_own_code_runs() -> None:
    """Then the test before it is the owner again."""
    ownership = Ownership(Owner())
    test, fixture = Owner("a"), Owner("fixture:f", is_fixture=True)
    ownership.enter(test)

    with ownership.lent_to(fixture):
        inside = ownership.current()

    assert inside is fixture
    assert ownership.current() is test


def test_what_a_fixture_left_running_works_for_the_test_that_runs() -> None:
    """Until the fixture is torn down: then it works for the fixture."""
    ownership = Ownership(Owner())
    fixture, test = Owner("fixture:f", is_fixture=True), Owner("a")
    with ownership.lent_to(fixture):
        server = contextvars.copy_context()
    ownership.enter(test)

    during = server.run(ownership.current)
    with ownership.lent_to(fixture):
        at_the_end = server.run(ownership.current)

    assert during is test
    assert at_the_end is fixture


def test_fixtures_inside_each_other() -> None:
    """Each has its own part."""
    ownership = Ownership(Owner())
    outer, inner = Owner("fixture:o", is_fixture=True), Owner("fixture:i", is_fixture=True)

    with ownership.lent_to(outer):
        with ownership.lent_to(inner):
            inside = ownership.current()
        after = ownership.current()

    assert inside is inner
    assert after is outer


def test_a_failing_fixture_gives_its_loan_back() -> None:
    """The test that asked for it is the owner again."""
    ownership = Ownership(Owner())
    test = Owner("a")
    ownership.enter(test)

    with pytest.raises(ZeroDivisionError), ownership.lent_to(Owner("fixture:f", is_fixture=True)):
        1 / 0  # noqa: B018

    assert ownership.current() is test
