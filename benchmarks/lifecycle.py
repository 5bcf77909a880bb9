"""What a lifecycle event costs who sends it, beside a record of the standard library's logging.

Targets: one that a part emits by itself at most 15 µs, off at most 0.2 µs; one that the
application builds at most 20 µs, off at most 5 µs; a collector that is dead or slow adds nothing
to a call and at most 2 s to the end.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import queue
import socket
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks._timing import medians, paired
from understudy import lifecycle
from understudy.clock import RealClock
from understudy.durable import Journal
from understudy.pricing import Prices, price_book
from understudy.telemetry import (
    EventLog,
    FaultLog,
    JournalWriter,
    LifecycleMode,
    Owner,
    Ownership,
    SinkListener,
    Telemetry,
    activated,
)
from understudy.telemetry.sinks import HttpSink

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS: Final = 9
CALLS: Final = 2_000
_PRICES: Final = price_book(Prices())


class Taker:
    """A sink that takes each event at once: the floor of those that send them somewhere."""

    def emit(self, event: object) -> None:
        """Take it."""


@contextmanager
def running(mode: LifecycleMode, sink: HttpSink | Taker | None = None) -> Iterator[None]:
    """Run telemetry with a journal, and a sink."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        journal = stack.enter_context(closing(Journal.open(folder / "journal" / "main.jsonl")))
        event_log = EventLog(
            JournalWriter(journal.append),
            run_id="run",
            faults=FaultLog(),
            listeners=() if sink is None else (SinkListener(sink, _PRICES),),
        )
        telemetry = Telemetry(
            event_log=event_log,
            ownership=Ownership(Owner()),
            clock=RealClock(),
            prices=_PRICES,
            lifecycle=mode,
        )
        stack.enter_context(activated(telemetry))
        yield
        if isinstance(sink, HttpSink):
            began = time.perf_counter()
            sink.close(2.0)
            _ENDS.append(time.perf_counter() - began)


#: How long the ends of sinks took, in seconds.
_ENDS: list[float] = []


def by_a_part() -> None:
    """Emit what a router or a breaker does."""
    lifecycle.on_failover("openai", "anthropic", "overloaded")


def by_the_application() -> None:
    """Build an event and send it."""
    lifecycle.send(lifecycle.validation_result(passed=False, error_category="schema"))


def a_logger(name: str, handler: logging.Handler) -> logging.Logger:
    """Return one whose records go to this handler alone."""
    logger = logging.getLogger(name)
    logger.propagate = False
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return logger


def main() -> None:
    """Print what each costs, on and off."""
    logger = a_logger("floor", logging.FileHandler(os.devnull))
    waiting: queue.SimpleQueue[object] = queue.SimpleQueue()
    queued = a_logger("queued", logging.handlers.QueueHandler(waiting))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        spent = paired(
            {
                "a record of logging": (
                    lambda: running("off"),
                    lambda: logger.info("%s failed over to %s: %s", "a", "b", "c"),
                ),
                "a record of logging in a queue": (
                    lambda: running("off"),
                    lambda: queued.info("%s failed over to %s: %s", "a", "b", "c"),
                ),
                "emitted by a part": (lambda: running("on"), by_a_part),
                "emitted by a part, off": (lambda: running("off"), by_a_part),
                "built by the application": (lambda: running("on"), by_the_application),
                "built by the application, off": (lambda: running("off"), by_the_application),
                "built, and a sink that takes it at once": (
                    lambda: running("on", Taker()),
                    by_the_application,
                ),
                "built, and no collector there": (
                    lambda: running("on", HttpSink("http://127.0.0.1:9/")),
                    by_the_application,
                ),
                "built, and a collector that never answers": (
                    lambda: running("on", HttpSink(slow)),
                    by_the_application,
                ),
            },
            rounds=ROUNDS,
            calls=CALLS,
        )
    floor = medians(spent["a record of logging"])
    for name, each in spent.items():
        one = medians(each)
        print(
            f"  {name}: {one.wall * 1e6:.2f} µs, {one.cpu * 1e6:.2f} µs of CPU,"
            f" {one.cpu / floor.cpu:.2f} of a record of logging"
        )
    print(f"  the longest end of a sink: {max(_ENDS):.2f} s")


if __name__ == "__main__":
    main()
