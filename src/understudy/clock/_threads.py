"""Threads: one begins at the time of whoever starts it, and whoever joins it is not earlier."""

from __future__ import annotations

from functools import wraps
from threading import Thread
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._patches import Patches
    from ._timelines import Timelines

    Function = Callable[..., Any]


class ThreadTimes:
    """Follows threads from `start` to `join`. The joining itself, and its timeout, are real."""

    def __init__(self, lines: Timelines) -> None:
        self._lines = lines
        self._ended: WeakKeyDictionary[Thread, float] = WeakKeyDictionary()

    def apply(self, patches: Patches) -> None:
        """Patch `threading.Thread`."""
        patches.wrap(Thread, "start", self._patched_start)
        patches.wrap(Thread, "join", self._patched_join)

    def _patched_start(self, start: Function) -> Function:
        @wraps(start)
        def patched(thread: Thread) -> None:
            if self._lines.is_running and not thread.ident:
                self._follow(thread)
            start(thread)

        return patched

    def _patched_join(self, join: Function) -> Function:
        @wraps(join)
        def patched(thread: Thread, timeout: float | None = None) -> None:
            with self._lines.waiting() as line:
                join(thread, timeout)
            line.move_to(self._ended.get(thread, self._lines.start))

        return patched

    def _follow(self, thread: Thread) -> None:
        began, run = self._lines.here().now, thread.run

        def followed() -> None:
            self._lines.begin(began)
            try:
                run()
            finally:
                self._ended[thread] = self._lines.finish()
                vars(thread).pop("run", None)

        vars(thread)["run"] = followed
