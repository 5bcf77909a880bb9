"""A journal in parts."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from understudy.durable import JournalLines, RotatingJournal, worker_of

if TYPE_CHECKING:
    from pathlib import Path


class Timer:
    """A clock that stands until somebody moves it."""

    moment = 0.0

    def now(self) -> float:
        """Tell the time."""
        return self.moment


@pytest.fixture
def timer() -> Timer:
    """The time of these tests."""
    return Timer()


def journal(folder: Path, timer: Timer, *, lines: int = 3) -> RotatingJournal:
    """Begin a journal whose parts hold three lines, or a minute."""
    return RotatingJournal(folder, "main", opening=[b"run"], now=timer.now, lines=lines)


def parts(folder: Path) -> dict[str, list[bytes]]:
    """Return the lines of each part."""
    return {path.name: list(JournalLines(path)) for path in sorted(folder.iterdir())}


def test_a_part_is_due_a_minute_after_its_first_line(tmp_path: Path, timer: Timer) -> None:
    """An empty one never is."""
    rotating = journal(tmp_path, timer)
    timer.moment = 1000.0
    assert rotating.seconds_left() is None

    assert rotating.append(b"a")
    timer.moment = 1059.9
    assert not rotating.is_due()
    timer.moment = 1060.0

    assert rotating.is_due()
    rotating.close()


def test_a_part_is_due_once_it_is_full(tmp_path: Path, timer: Timer) -> None:
    """Whoever looks after it is woken by the first line and by the last."""
    rotating = journal(tmp_path, timer)

    assert [rotating.append(b"a") for _ in range(3)] == [True, False, True]
    assert rotating.is_due()
    rotating.close()


def test_each_part_says_of_which_run_it_is(tmp_path: Path, timer: Timer) -> None:
    """So that each can be read alone."""
    rotating = journal(tmp_path, timer)
    rotating.append(b"a")
    assert rotating.rotate()
    rotating.append(b"b")
    rotating.close()

    assert parts(tmp_path) == {
        "main.000001.jsonl": [b"run", b"a"],
        "main.000002.jsonl": [b"run", b"b"],
    }
    assert {worker_of(path) for path in tmp_path.iterdir()} == {"main"}


def test_an_empty_part_is_gone_on_with_and_removed_at_the_end(tmp_path: Path, timer: Timer) -> None:
    """Who writes nothing leaves nothing."""
    rotating = journal(tmp_path, timer)

    assert not rotating.rotate()
    rotating.close()

    assert parts(tmp_path) == {}


def test_no_line_is_lost_between_two_parts(tmp_path: Path, timer: Timer) -> None:
    """Threads go on appending while the next one is begun."""
    rotating = journal(tmp_path, timer, lines=10**6)

    def write(thread: int) -> None:
        for number in range(300):
            rotating.append(b"%d.%d" % (thread, number))

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(write, thread) for thread in range(4)]
        while not all(job.done() for job in jobs):
            rotating.rotate()
    rotating.close()

    written = [line for lines in parts(tmp_path).values() for line in lines if line != b"run"]
    assert sorted(written) == sorted(b"%d.%d" % (t, n) for t in range(4) for n in range(300))


def test_a_part_is_gone_on_with_where_the_next_cannot_be_begun(
    tmp_path: Path, timer: Timer
) -> None:
    """A full disk loses nothing that is written."""
    folder = tmp_path / "run"
    rotating = journal(folder, timer)
    rotating.append(b"a")
    shutil.move(folder, tmp_path / "moved")
    folder.write_text("")

    with pytest.raises(OSError, match="run"):
        rotating.rotate()
    rotating.append(b"b")

    assert parts(tmp_path / "moved") == {"main.000001.jsonl": [b"run", b"a", b"b"]}
    rotating.close()
