"""Locks between processes."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from tests.unit.durable.other_process import other_process, run_python

from understudy.durable import FileLock
from understudy.durable._lock import try_lock

if TYPE_CHECKING:
    from pathlib import Path

_HOLD = """
    import sys
    from pathlib import Path
    from understudy.durable import FileLock
    lock = FileLock(Path(sys.argv[1]))
    assert lock.acquire()
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the lock is, in a folder that is not there yet."""
    return tmp_path / "folder" / "lock"


def test_a_lock_has_one_holder(path: Path) -> None:
    """Until it is given back."""
    first, second = FileLock(path), FileLock(path)

    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()


def test_a_lock_that_is_not_held_can_be_released(path: Path) -> None:
    """Nothing happens."""
    FileLock(path).release()

    assert FileLock(path).acquire()


def test_a_lock_is_waited_for(path: Path) -> None:
    """It is taken as soon as it comes free."""
    first, second = FileLock(path), FileLock(path)
    first.acquire()
    timer = threading.Timer(0.05, first.release)
    timer.start()

    acquired = second.acquire(timeout=10)

    timer.join()
    assert acquired


def test_waiting_ends_with_the_timeout(path: Path) -> None:
    """The holder keeps the lock."""
    first, second = FileLock(path), FileLock(path)
    first.acquire()

    assert not second.acquire(timeout=0.05)


def test_waiting_ends_where_a_test_has_frozen_the_clocks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Like freezegun: what is waited is counted, not read off a clock."""
    first = FileLock(path)
    first.acquire()
    for name in ("time", "monotonic", "perf_counter"):
        monkeypatch.setattr(f"time.{name}", lambda: 1.0)

    assert not FileLock(path).acquire(timeout=0.05)


def test_a_process_that_is_killed_loses_its_lock(path: Path) -> None:
    """The operating system gives it back."""
    with other_process(_HOLD, path) as holder:
        held = not FileLock(path).acquire()
        holder.kill()
        holder.wait()

        assert held
        assert FileLock(path).acquire()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_neither_keeps_nor_gives_back_the_lock(path: Path) -> None:
    """It belongs to the process that took it."""
    told = run_python(
        """
        import os, sys
        from pathlib import Path
        from understudy.durable import FileLock
        path = Path(sys.argv[1])
        lock, other = FileLock(path), FileLock(path)
        lock.acquire()
        if os.fork() == 0:
            lock.release()
            os._exit(0)
        os.wait()
        print(other.acquire())
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.read(reader, 1)
            os._exit(0)
        lock.release()
        print(other.acquire())
        os.write(writer, b"x")
        """,
        path,
    )

    assert told.split() == ["False", "True"]


def test_a_removed_lock_file_locks_nobody_out(path: Path) -> None:
    """Its place can be locked anew."""
    first, second = FileLock(path), FileLock(path)
    first.acquire()

    first.remove()

    assert not path.exists()
    assert second.acquire()


def test_a_lock_on_a_file_that_was_replaced_counts_for_nothing(path: Path) -> None:
    """Who waited for the old file must take the new one."""
    old, new = FileLock(path), FileLock(path)
    old.acquire()
    path.unlink()

    assert new.acquire()
    assert not FileLock(path).acquire()


def test_a_lock_file_that_vanishes_before_it_is_locked_is_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its holder removed it in between, as is its right."""
    moments = iter([path.unlink])

    def lock_late(descriptor: int) -> bool:
        next(moments, lambda: None)()
        return try_lock(descriptor)

    monkeypatch.setattr("understudy.durable._lock.try_lock", lock_late)

    assert FileLock(path).acquire(timeout=10)
    assert path.exists()


def test_a_place_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()

    with pytest.raises(OSError, match="file"):
        FileLock(tmp_path / "file" / "lock").acquire()
