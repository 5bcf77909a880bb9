"""A bounded queue with a thread of its own, so that no call ever waits for a network."""

from __future__ import annotations

import os
from collections import deque
from contextvars import copy_context
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from ...clock import RealClock
from ...errors import counted
from .._faults import in_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
#: What makes an item, and how often it counts.
Parcel: TypeAlias = "tuple[Callable[[], Item], int]"

#: A batch waits so long for more, in seconds.
_GATHERING: Final = 0.1
#: After a batch that nobody took, in seconds: who is dead costs next to nothing.
_PAUSE: Final = 1.0


@dataclass(slots=True)
class Deliveries:
    """What became of all that was put in by this process: emitted = sent + dropped, at the end."""

    emitted: int = 0
    sent: int = 0
    dropped: int = 0
    reason: str | None = None

    def add(self, other: Deliveries) -> None:
        """Add what became of those of another process or sink."""
        self.emitted += other.emitted
        self.sent += other.sent
        self.dropped += other.dropped
        self.reason = self.reason or other.reason

    def as_tuple(self) -> tuple[int, int, int, str | None]:
        """Return plain values that make an equal one."""
        return (self.emitted, self.sent, self.dropped, self.reason)

    @property
    def loss(self) -> str | None:
        """What was not sent, in words; None where all was."""
        if not self.dropped:
            return None
        return f"{self.dropped:,} of {counted(self.emitted, 'event')} not sent: {self.reason}"

    def drop(self, number: int, reason: str) -> None:
        """Count what will not be sent, and keep the first reason."""
        self.dropped += number
        self.reason = self.reason or reason


@dataclass(slots=True)
class _Line(Generic[Item]):
    """What waits in one process, and how far it got."""

    items: deque[Parcel[Item]] = field(default_factory=deque)
    counts: Deliveries = field(default_factory=Deliveries)
    lock: RLock = field(default_factory=RLock)
    wake: SimpleQueue[None] = field(default_factory=SimpleQueue)
    ending: Event = field(default_factory=Event)
    thread: Thread | None = None
    deadline: float | None = None
    in_flight: int = 0
    is_over: bool = False


class Delivery(Generic[Item]):
    """Hands batches to `post`, which has so many seconds and may raise; then the batch is dropped.

    `put` never waits for anybody: what does not fit is dropped and counted. The thread begins
    with the first item, in the context in which the delivery was made, and builds all items. A
    forked child has a queue of its own; what its parent had put in stays the parent's.
    """

    def __init__(
        self,
        post: Callable[[Sequence[Item], float], Any],
        *,
        capacity: int = 10_000,
        batch: int = 500,
        patience: float = 10.0,
    ) -> None:
        self._post = post
        self._capacity = capacity
        self._batch = batch
        self._patience = patience
        self._context = copy_context()
        self._clock = RealClock()
        self._lines: dict[int, _Line[Item]] = {}

    @property
    def counts(self) -> Deliveries:
        """What became of what this process put in."""
        return self._here().counts

    def put(self, build: Callable[[], Item], weight: int = 1) -> None:
        """Take what makes an item that counts so often."""
        line = self._here()
        with line.lock:
            line.counts.emitted += weight
            if line.deadline is not None:
                line.counts.drop(weight, "it came after the end")
                return
            if len(line.items) >= self._capacity:
                line.counts.drop(weight, f"the queue of {self._capacity:,} was full")
                return
            line.items.append((build, weight))
        if line.wake.empty():
            line.wake.put(None)  # no Event, whose lock a signal or a finaliser may find taken
        if line.thread is None:
            self._start(line)

    def close(self, timeout: float) -> None:
        """Send what is left in at most so many seconds; a second call does nothing."""
        line = self._here()
        with line.lock:
            if line.deadline is not None:
                return
            line.deadline = self._clock.now() + timeout
        line.ending.set()
        line.wake.put(None)
        if line.thread is None or not line.thread.is_alive():
            self._work(line)  # no thread could be started: this late, Python starts none
        else:
            line.thread.join(timeout)
        with line.lock:
            line.is_over = True
            left = sum(weight for _, weight in line.items) + line.in_flight
            if left:
                line.counts.drop(left, f"there was no time to send them in {timeout:g} s")

    def _here(self) -> _Line[Item]:
        """Return the line of this process: a forked child begins one of its own."""
        process = os.getpid()
        line = self._lines.get(process)
        return self._lines.setdefault(process, _Line()) if line is None else line

    def _start(self, line: _Line[Item]) -> None:
        with line.lock:
            if line.thread is not None:
                return
            line.thread = Thread(  # before it starts: a signal may come that puts more in
                target=self._context.copy().run,
                args=(self._work, line),
                name="understudy-sink",
                daemon=True,
            )
            try:
                line.thread.start()
            except RuntimeError:  # the interpreter ends: `close` sends what is there
                line.thread = None

    def _work(self, line: _Line[Item]) -> None:
        is_taken = True
        while line.items or not line.ending.is_set():
            if not line.items:
                line.wake.get()
            line.ending.wait(_GATHERING if is_taken else _PAUSE)
            while not line.wake.empty():
                line.wake.get()
            is_taken = True
            while line.items and (is_taken or line.ending.is_set()):
                if line.is_over or self._is_late(line):
                    return
                is_taken = self._send(line)

    def _send(self, line: _Line[Item]) -> bool:
        """Send a batch; False where nobody took it."""
        with line.lock:
            parcels = [line.items.popleft() for _ in range(min(len(line.items), self._batch))]
            line.in_flight = sum(weight for _, weight in parcels)
        batch: list[Item] = []
        for build, weight in parcels:
            try:
                batch.append(build())
            except Exception as error:  # noqa: BLE001 - counted and said, as below
                self._count(line, weight, in_one_line(error))
        try:
            self._post(batch, self._time_left(line))
        except Exception as error:  # noqa: BLE001 - counted and said, and nobody is hurt
            self._count(line, line.in_flight, in_one_line(error))
            return False
        self._count(line, line.in_flight)
        return True

    def _count(self, line: _Line[Item], weight: int, failure: str | None = None) -> None:
        with line.lock:
            if line.is_over:  # somebody has counted them as dropped
                return
            line.in_flight -= weight
            if failure is None:
                line.counts.sent += weight
            else:
                line.counts.drop(weight, failure)

    def _is_late(self, line: _Line[Item]) -> bool:
        return line.deadline is not None and self._clock.now() >= line.deadline

    def _time_left(self, line: _Line[Item]) -> float:
        if line.deadline is None:
            return self._patience
        return max(0.05, min(self._patience, line.deadline - self._clock.now()))
