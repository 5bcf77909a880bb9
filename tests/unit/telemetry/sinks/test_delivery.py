"""Queues that never make anybody wait."""

from __future__ import annotations

import os
import subprocess
import sys
from contextvars import ContextVar, copy_context
from functools import partial
from textwrap import dedent
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from understudy.telemetry.sinks import Delivery

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What prints what it sends.
PROGRAM = """
import os
from understudy.telemetry.sinks import Delivery
delivery = Delivery(lambda batch, timeout: print(*batch, flush=True))
"""

_OWNER: ContextVar[str] = ContextVar("owner", default="nobody")


class Address:
    """Takes batches; waits while `gate` is shut, fails with `error`."""

    def __init__(self, error: Exception | None = None) -> None:
        self.received: list[int] = []
        self.owners: set[str] = set()
        self.gate = Event()
        self.gate.set()
        self.error = error

    def post(self, batch: Sequence[int], timeout: float) -> None:
        """Take a batch."""
        assert timeout > 0
        self.owners.add(_OWNER.get())
        self.gate.wait(10)
        if self.error is not None:
            raise self.error
        self.received += batch


def put_many(delivery: Delivery[int], number: int) -> None:
    """Put so many items in."""
    for item in range(number):
        delivery.put(partial(int, item))


def test_everything_is_sent_in_order() -> None:
    """In batches, at the latest when it is closed."""
    address = Address()
    delivery: Delivery[int] = Delivery(address.post, batch=3)

    put_many(delivery, 10)
    delivery.close(5)

    assert address.received == list(range(10))
    assert (delivery.counts.emitted, delivery.counts.sent, delivery.counts.dropped) == (10, 10, 0)


def test_one_that_was_never_used_is_closed_at_once() -> None:
    """There is no thread to wait for; a second time does nothing."""
    delivery: Delivery[int] = Delivery(Address().post)

    delivery.close(5)
    delivery.close(5)

    assert delivery.counts.emitted == 0


def test_many_threads_put_and_nothing_is_lost() -> None:
    """Each item once."""
    address = Address()
    delivery: Delivery[int] = Delivery(address.post)
    threads = [Thread(target=put_many, args=(delivery, 200)) for _ in range(20)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    delivery.close(5)

    assert len(address.received) == 4000


def test_a_full_queue_drops_and_counts() -> None:
    """It waits for nobody."""
    address = Address()
    address.gate.clear()
    delivery: Delivery[int] = Delivery(address.post, capacity=5)

    put_many(delivery, 50)
    address.gate.set()
    delivery.close(5)

    counts = delivery.counts
    assert counts.emitted == counts.sent + counts.dropped == 50
    assert counts.sent >= 5
    assert counts.reason == "the queue of 5 was full"


def test_what_an_address_refuses_is_dropped_and_counted() -> None:
    """With the first reason."""
    delivery: Delivery[int] = Delivery(Address(ConnectionError("refused")).post)

    delivery.put(lambda: 1)
    delivery.close(5)
    delivery.put(lambda: 2)

    counts = delivery.counts
    assert (counts.emitted, counts.sent, counts.dropped) == (2, 0, 2)
    assert counts.reason == "ConnectionError: refused"


def test_what_cannot_be_built_is_dropped_and_stops_nothing() -> None:
    """The rest of its batch is sent."""
    address = Address()
    delivery: Delivery[int] = Delivery(address.post)

    delivery.put(partial(int, 1))
    delivery.put(partial(int, "no number"))
    delivery.put(partial(int, 3))
    delivery.close(5)

    counts = delivery.counts
    assert address.received == [1, 3]
    assert (counts.emitted, counts.sent, counts.dropped) == (3, 2, 1)
    assert counts.reason is not None
    assert counts.reason.startswith("ValueError: ")


def test_an_item_counts_as_often_as_it_was_said() -> None:
    """A span counts for each of its attempts."""
    delivery: Delivery[int] = Delivery(Address().post)

    delivery.put(lambda: 1, 3)
    delivery.close(5)

    assert (delivery.counts.emitted, delivery.counts.sent) == (3, 3)


def test_an_address_that_does_not_answer_is_left_alone_at_the_end() -> None:
    """What it may or may not have got counts as dropped, also when it answers later."""
    address = Address()
    address.gate.clear()
    delivery: Delivery[int] = Delivery(address.post, batch=2)
    put_many(delivery, 5)

    delivery.close(0.2)
    address.gate.set()

    counts = delivery.counts
    assert (counts.emitted, counts.sent, counts.dropped) == (5, 0, 5)
    assert counts.reason == "there was no time to send them in 0.2 s"


def test_what_comes_while_the_thread_starts_starts_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A signal or a finaliser may put something in at any moment, in the same thread."""
    address, started, start = Address(), list[Thread](), Thread.start
    delivery: Delivery[int] = Delivery(address.post)

    def interrupted(thread: Thread) -> None:
        started.append(thread)
        if len(started) == 1:
            delivery.put(lambda: 2)
        start(thread)

    monkeypatch.setattr(Thread, "start", interrupted)
    delivery.put(lambda: 1)
    delivery.close(5)

    assert (address.received, len(started)) == ([1, 2], 1)


def test_it_is_sent_in_the_context_in_which_it_was_made() -> None:
    """Whoever puts the first item in."""
    address = Address()
    apart = copy_context()
    apart.run(_OWNER.set, "apart")
    delivery: Delivery[int] = apart.run(Delivery, address.post)

    delivery.put(lambda: 1)
    delivery.close(5)

    assert address.owners == {"apart"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_sends_its_own_and_nothing_of_its_parents() -> None:
    """Its parent's thread is not there, and its parent's items are not its own."""
    ran = _run("""
        delivery.put(lambda: "parent")
        if not os.fork():
            delivery.put(lambda: "child")
            delivery.close(5)
            os._exit(0)
        os.wait()
        delivery.close(5)
    """)

    assert sorted(ran.stdout.split()) == ["child", "parent"]


def test_what_comes_when_python_ends_is_sent_by_whoever_closes() -> None:
    """No thread starts that late, in 3.12 least of all."""
    ran = _run("""
        import atexit
        atexit.register(delivery.close, 5)
        atexit.register(delivery.put, lambda: "late")
    """)

    assert (ran.stdout.split(), ran.stderr) == (["late"], "")


def _run(body: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM + dedent(body)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )


def test_who_posts_may_put_more_in() -> None:
    """No lock is held meanwhile."""
    address = Address()

    def again(batch: Sequence[int], timeout: float) -> None:
        address.post(batch, timeout)
        if batch[-1] < 3:
            delivery.put(partial(int, batch[-1] + 1))

    delivery: Delivery[int] = Delivery(again)
    delivery.put(lambda: 1)
    for _ in range(100):
        if len(address.received) == 3:
            break
        Event().wait(0.05)
    delivery.close(5)

    assert address.received == [1, 2, 3]
