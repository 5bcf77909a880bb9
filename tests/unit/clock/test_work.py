"""The real work that an event loop waits for."""

from __future__ import annotations

import pytest

from understudy.clock._work import Work


@pytest.fixture
def work() -> Work:
    """The work of a loop that has no sockets."""
    return Work(object())


def test_nothing_is_no_work(work: Work) -> None:
    """Time may pass."""
    assert work.newest() is None


def test_the_newest_work_counts(work: Work) -> None:
    """It is owed the most patience."""
    work.begin("first")
    first = work.newest()
    work.begin("second")
    second = work.newest()

    work.end("second")

    assert first is not None
    assert second is not None
    assert first < second
    assert work.newest() == first


def test_work_may_end_twice(work: Work) -> None:
    """Whoever waited for it may have given up before."""
    work.begin("job")

    work.end("job")
    work.end("job")

    assert work.newest() is None


def test_what_is_awaited_counts_while_it_is(work: Work) -> None:
    """However the waiting ends."""
    counted = None

    def fail() -> None:
        nonlocal counted
        with work.awaiting():
            counted = work.newest()
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert counted is not None
    assert work.newest() is None


def test_what_is_awaited_is_over_when_a_message_is_on_its_way(work: Work) -> None:
    """It arrives at a later moment, which has to come."""
    with work.awaiting():
        work.expect_message()
        during = work.newest()
        work.receive_message()
        after = work.newest()

    assert during is None
    assert after is not None
