"""The simulated time of each thread."""

from __future__ import annotations

from contextlib import contextmanager
from math import ceil
from threading import get_ident
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A thread in the background whose sleeps cost nothing would keep a processor busy if it slept for
# ever: a heartbeat, a poll. So many sleeps are free, each further one takes so long.
FREE_MOVES: Final = 10_000
_TOLL: Final = 0.005


class Timeline:
    """The simulated time of one thread, in seconds.

    `on_report` is called when the thread's next message has reached an event loop.
    """

    __slots__ = ("_latest", "free_moves", "now", "on_report")

    def __init__(self, now: float) -> None:
        self.now = now
        self._latest = now
        self.free_moves = FREE_MOVES
        self.on_report: Callable[[], None] | None = None

    @property
    def latest(self) -> float:
        """The latest moment this line ever reached."""
        return max(self._latest, self.now)

    def move_to(self, moment: float) -> None:
        """Move on to `moment`; a moment that has passed moves nothing."""
        self.now = max(self.now, moment)

    def hear(self) -> None:
        """Something came from outside: what follows is no idling."""
        self.free_moves = FREE_MOVES

    def start_over(self, moment: float) -> None:
        """Put the line to `moment`, for a thread that takes up work of another time."""
        self._latest = self.latest
        self.now = moment


class Timelines(dict[int, Timeline]):
    """The line of each thread, by the thread's id; begun at `start` where there is none.

    While `is_running` is false the wrappers that are still about somewhere do nothing.
    """

    def __init__(self, start: float) -> None:
        super().__init__()
        self.start = start
        self.is_running = False
        self._latest = start
        self.home = get_ident()
        self._waiting: set[int] = set()

    def __missing__(self, thread_id: int) -> Timeline:
        return self.setdefault(thread_id, Timeline(self.start))

    def here(self) -> Timeline:
        """Return the line of this thread."""
        return self[get_ident()]

    def begin(self, moment: float) -> Timeline:
        """Begin a new line for this thread."""
        line = self[get_ident()] = Timeline(moment)
        return line

    def finish(self) -> float:
        """Forget the line of this thread; return the latest moment it reached."""
        line = self.pop(get_ident(), None)
        latest = self.start if line is None else line.latest
        self._latest = max(self._latest, latest)
        return latest

    def restart(self, moment: float) -> None:
        """Forget all lines; new ones begin at `moment` or at the latest of the old ones.

        They begin with a whole second, so that whole seconds after it are exact as well. The
        thread that calls is the one of the test.
        """
        every = tuple(self.values())  # a thread may end at any time
        latest = max(moment, self._latest, *(line.latest for line in every))
        self.start = float(ceil(latest))
        self.clear()
        self.home = get_ident()
        self.is_running = True

    def stop(self) -> None:
        """Time stands still from now on."""
        self.is_running = False

    @contextmanager
    def waiting(self) -> Iterator[Timeline]:
        """Note that this thread waits for another one, whose sleeps are free meanwhile."""
        self._waiting.add(get_ident())
        try:
            yield self.here()
        finally:
            self._waiting.discard(get_ident())

    def is_home(self) -> bool:
        """Return whether this is the thread in which the clock was put in force."""
        return get_ident() == self.home

    def is_free(self) -> bool:
        """Return whether this thread may go on at once: it is waited for, and does not idle."""
        if not self._waiting:
            return False
        line = self.here()
        line.free_moves -= 1
        return line.free_moves >= 0

    def toll(self) -> float:
        """Return the real seconds that the next sleep of this thread has to take."""
        if self.is_home() or self._waiting:
            return 0.0
        line = self.here()
        line.free_moves -= 1
        return 0.0 if line.free_moves >= 0 else _TOLL
