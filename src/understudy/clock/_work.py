"""The real work that an event loop waits for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import _machine as machine
from ._sockets import Sockets

if TYPE_CHECKING:
    from collections.abc import Iterator


class Work:
    """Jobs of executors and threads, and sockets that a task waits for."""

    def __init__(self, selector: Any) -> None:
        self._sockets = Sockets(selector)
        self._jobs: dict[object, float] = {}
        self._awaited: dict[object, float] = {}
        self._on_their_way = 0

    def begin(self, job: object) -> None:
        """A job has begun."""
        self._jobs[job] = machine.monotonic()

    def end(self, job: object) -> None:
        """A job is over, and the loop has been told."""
        self._jobs.pop(job, None)

    @contextmanager
    def awaiting(self) -> Iterator[None]:
        """Count what is awaited inside as work, until a message that ends it is on its way."""
        token = object()
        self._awaited[token] = machine.monotonic()
        try:
            yield
        finally:
            del self._awaited[token]

    def expect_message(self) -> None:
        """A message was sent that arrives at a later moment."""
        self._on_their_way += 1

    def receive_message(self) -> None:
        """It has arrived."""
        self._on_their_way -= 1

    def newest(self) -> float | None:
        """Return the real moment at which the newest work began; None where there is none."""
        awaited = () if self._on_their_way else self._awaited.values()
        return max([*self._jobs.values(), *awaited, *self._sockets.waited_since()], default=None)
