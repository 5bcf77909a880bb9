"""The lines of one process that lives long: its journal, and the thread that empties it."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread, current_thread
from typing import TYPE_CHECKING, Final

from ..durable import RotatingJournal, RunJournals, claim_leftovers
from ..errors import JournalError, counted
from ._gather import LooseLines
from ._merge import merge_journals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..clock import Clock
    from ._gather import Price
    from ._holds import Holds

WORKER: Final = "main"
#: So many lines wait in memory where no journal takes them; further ones are dropped.
_MOST_KEPT: Final = 10_000
#: A store that cannot be written is tried again after so many seconds, twice as many each time.
_FIRST_RETRY: Final = 60.0
_LAST_RETRY: Final = 3600.0
#: How long nothing is tried where the next part of a journal cannot be begun, in seconds.
_BREATH: Final = 1.0
_WRITING: Final = "writing a journal"
_MERGING: Final = "bringing a journal into the store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a process and those that are forked from it have in common.

    `opening` are the lines that each part of a journal begins with. `note` takes a fault: where,
    in words that fit behind "while", and what. `merged` is called when lines came into the store.
    """

    location: str | Path
    root: Path
    run_id: str
    opening: Sequence[bytes]
    clock: Clock
    note: Callable[[str, str], None]
    price: Price | None = None
    merged: Callable[[], None] | None = None
    holds: Holds
    lines: int = 10_000
    seconds: float = 60.0


class ProcessLines:
    """Takes lines in one process; the folder of its journal is `name`."""

    def __init__(self, plan: Plan, name: str) -> None:
        self.kept: deque[bytes] = deque()
        self.dropped = 0
        self._plan = plan
        self._claim: RunJournals | None = None
        self._journal: RotatingJournal | None = None
        self._merging = Lock()
        self._waits = False  # closed parts, for the store
        self._failed = False  # the last merge
        self._is_stuck = False  # the part that is due
        self._is_news = False  # nobody has heard of the last merge yet
        self._held: frozenset[str] = frozenset()
        self._retry_at = float("-inf")
        self._patience = _FIRST_RETRY
        self._wake = Event()
        self._ending = Event()
        self._open(name)
        self._thread = Thread(target=self._work, name="understudy-journal", daemon=True)
        with suppress(RuntimeError):  # the interpreter ends: `close` does it all
            self._thread.start()

    @property
    def has_lines(self) -> bool:
        """Whether any journal of this process holds or held a line."""
        return self._journal is not None and self._journal.has_lines

    def append(self, line: bytes) -> bool:
        """Take a line; False where no journal does: it is kept in memory for the next merge."""
        if self._journal is None or self._ending.is_set():
            self._keep(line)
            return False
        try:
            if self._journal.append(line):
                self._wake.set()
        except Exception as error:  # noqa: BLE001 - a full disk must not reach the application
            self._plan.note(_WRITING, str(error))
            self._keep(line)
            return False
        return True

    def turn(self) -> None:
        """Begin the next part where this one is due, and merge what waits, where it is time."""
        with self._merging:
            is_due = self._journal is not None and self._journal.is_due()
            if is_due:
                self._rotate()
            is_early = self._plan.clock.now() < self._retry_at
            if (self._waits or self.kept) and not (is_early and (self._failed or not is_due)):
                self._rotate()
                self._merge()
        self._tell()

    def merge(self) -> None:
        """Bring all that was appended so far into the store."""
        with self._merging:
            self._rotate()
            self._merge()
        self._tell()

    def close(self) -> None:
        """Merge the rest, where nobody has closed it yet."""
        if self._ending.is_set():
            return
        self._ending.set()
        self._wake.set()
        if self._thread.ident is not None and self._thread is not current_thread():
            self._thread.join()
        with self._merging:
            if self._journal is not None:
                self._journal.close()
            self._merge(is_last=True)
            if self._claim is not None:
                self._claim.release()
            if self.kept:
                lost = (
                    f"{counted(len(self.kept), 'line')} of {self._plan.run_id} that no journal took"
                )
                self._plan.note(_MERGING, f"{lost} are lost")
        self._tell()

    def abandon(self) -> None:
        """Let go, in a forked child, of what is the parent's."""
        if self._journal is not None:
            self._journal.abandon()
        if self._claim is not None:
            self._claim.release()

    def _open(self, name: str) -> None:
        plan = self._plan
        try:
            self._claim = RunJournals.begin(plan.root, name)
            self._journal = RotatingJournal(
                self._claim.folder,
                WORKER,
                opening=plan.opening,
                now=plan.clock.now,
                lines=plan.lines,
                seconds=plan.seconds,
            )
        except (OSError, JournalError) as error:
            plan.note(_WRITING, f"there is none below {plan.root} ({error})")

    def _tell(self) -> None:
        """Say that there is more in the store; the next merge does not wait for who hears it."""
        is_news, self._is_news = self._is_news, False
        if is_news and self._plan.merged is not None:
            try:
                self._plan.merged()
            except Exception as error:  # noqa: BLE001 - the thread goes on
                self._plan.note("telling of a merge", f"{type(error).__name__}: {error}")

    def _keep(self, line: bytes) -> None:
        if len(self.kept) >= _MOST_KEPT or self._ending.is_set():
            self.dropped += 1
            self._plan.note(_WRITING, "a line was dropped: neither journal nor memory takes it")
            return
        if not self.kept:
            self._retry_at = max(self._retry_at, self._plan.clock.now() + self._plan.seconds)
        self.kept.append(line)
        self._wake.set()

    def _work(self) -> None:
        while not self._ending.is_set():
            self._wake.wait(self._seconds_left())
            self._wake.clear()
            if not self._ending.is_set():
                self.turn()
            if self._is_stuck:  # a full disk stays so for a while
                self._ending.wait(_BREATH)

    def _seconds_left(self) -> float | None:
        """Return how long there is nothing to do; None until a line comes."""
        left = None if self._journal is None else self._journal.seconds_left()
        if self._waits or self.kept:
            retry = max(self._retry_at - self._plan.clock.now(), 1.0)
            left = retry if left is None else min(left, retry)
        return left

    def _rotate(self) -> None:
        if self._journal is None:
            return
        try:
            self._waits = self._journal.rotate(between=self._look_at_holds) or self._waits
            self._is_stuck = False
        except Exception as error:  # noqa: BLE001 - as above: the part is gone on with
            self._is_stuck = True
            self._plan.note(_WRITING, f"its next part cannot be begun ({error})")

    def _look_at_holds(self) -> None:
        self._held = self._plan.holds.current()

    def _merge(self, *, is_last: bool = False) -> None:
        """Merge the closed parts, lines that no journal took, and what dead processes left."""
        loose = list(self.kept)
        failure = self._merged(loose, is_last=is_last)
        self._failed = failure is not None
        if failure is None:
            self._is_news = True
            self._patience = _FIRST_RETRY
            for _ in loose:
                self.kept.popleft()
        else:
            self._waits = True
            self._plan.note(_MERGING, failure)
        wait = self._patience if self._waits else float("-inf")
        self._retry_at = self._plan.clock.now() + wait
        if self._failed:
            self._patience = min(2 * self._patience, _LAST_RETRY)

    def _merged(self, loose: Sequence[bytes], *, is_last: bool) -> str | None:
        """Merge; return why that failed, None where it did not."""
        plan = self._plan
        try:
            claims = claim_leftovers(plan.root)
            if self._claim is not None:
                claims.insert(0, self._claim if is_last else self._claim.going_on(plan.opening))
            report = merge_journals(
                plan.location,
                claims,
                price=plan.price,
                loose=[LooseLines(plan.run_id, WORKER, [*plan.opening, *loose])] if loose else (),
                held=frozenset() if is_last else self._held,
                in_background=not is_last,
            )
        except Exception as error:  # noqa: BLE001 - the thread goes on, and nobody else is hurt
            return f"{type(error).__name__}: {error}"
        self._waits = report.held > 0
        if report.rejected:
            reasons = f"{counted(report.rejected, 'record')} refused: {'; '.join(report.reasons)}"
            plan.note(_MERGING, reasons)
        return report.failure
