"""The append-only journal of one process."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.unit.durable.other_process import other_process, run_python

from understudy.durable import Journal, JournalLines, is_alive
from understudy.errors import JournalError

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is, in a folder that is not there yet."""
    return tmp_path / "run" / "main.jsonl"


def test_a_line_is_in_the_file_as_soon_as_it_is_appended(path: Path) -> None:
    """Nothing waits in a buffer that a kill would lose."""
    journal = Journal.open(path)

    journal.append(b"one")
    journal.append(b"two")

    assert path.read_bytes() == b"one\ntwo\n"


def test_it_is_written_past_who_watches_the_functions_of_os(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Detectors of blocking calls put a function of theirs there, and tests of full disks."""
    monkeypatch.setattr("os.write", Mock(side_effect=RuntimeError("Blocking call to os.write")))

    Journal.open(path).append(b"one")

    assert path.read_bytes() == b"one\n"


def test_a_journal_that_is_opened_again_goes_on(path: Path) -> None:
    """What is there stays."""
    first = Journal.open(path)
    first.append(b"one")
    first.close()

    Journal.open(path).append(b"two")

    assert list(JournalLines(path)) == [b"one", b"two"]


def test_lines_of_many_threads_stay_whole(path: Path) -> None:
    """No line is lost, none is mixed with another."""
    journal = Journal.open(path)
    lines = [b"%d" % number * 500 for number in range(1000)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(journal.append, lines))

    assert sorted(JournalLines(path)) == sorted(lines)


@needs_fork
def test_forked_children_append_to_the_same_journal(path: Path) -> None:
    """At the end of the file, also after the parent wrote on; their end is not its end."""
    told = run_python(
        """
        import os, sys
        from pathlib import Path
        from understudy.durable import Journal, is_alive
        path = Path(sys.argv[1])
        journal = Journal.open(path)
        journal.append(b"before")
        if os.fork() == 0:
            journal.append(b"child")
            journal.close()
            os._exit(0)
        os.wait()
        journal.append(b"after")
        print(is_alive(path))
        """,
        path,
    )

    assert list(JournalLines(path)) == [b"before", b"child", b"after"]
    assert told.split() == ["True"]


@needs_fork
def test_a_closed_journal_is_free_while_a_forked_child_lives(path: Path) -> None:
    """A server that a test left running does not keep the books open."""
    told = run_python(
        """
        import os, sys
        from pathlib import Path
        from understudy.durable import Journal, is_alive
        path = Path(sys.argv[1])
        journal = Journal.open(path)
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.read(reader, 1)
            os._exit(0)
        journal.close()
        print(is_alive(path))
        os.write(writer, b"x")
        """,
        path,
    )

    assert told.split() == ["False"]


def test_a_journal_lives_as_long_as_its_process(path: Path) -> None:
    """And what it appended outlives a kill."""
    script = """
        import sys
        from pathlib import Path
        from understudy.durable import Journal
        journal = Journal.open(Path(sys.argv[1]))
        journal.append(b"line")
        print("open", flush=True)
        sys.stdin.read()
    """
    with other_process(script, path) as writer:
        alive = is_alive(path)
        writer.kill()
        writer.wait()

        assert alive
        assert not is_alive(path)
        assert list(JournalLines(path)) == [b"line"]


def test_a_journal_has_one_process(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one is refused by name."""
    monkeypatch.setattr("understudy.durable._journal._PATIENCE_SECONDS", 0.05)
    holder = Journal.open(path)

    with pytest.raises(JournalError, match=r"main\.jsonl is held by another process"):
        Journal.open(path)

    holder.close()


def test_a_closed_journal_takes_no_line(path: Path) -> None:
    """Closing twice changes nothing."""
    journal = Journal.open(path)
    journal.close()
    journal.close()

    with pytest.raises(JournalError, match="closed"):
        journal.append(b"late")

    assert path.read_bytes() == b""


def test_the_descriptor_of_a_closed_journal_goes_to_nobody_else(path: Path, tmp_path: Path) -> None:
    """A thread that is still inside `append` must not write to another file."""
    journal = Journal.open(path)
    number = journal._descriptor
    journal.close()

    with (tmp_path / "other").open("wb") as other:
        os.write(number, b"late")

        assert other.fileno() != number
    assert (tmp_path / "other").read_bytes() == b""
    assert path.read_bytes() == b""


def test_a_line_with_a_newline_is_refused(path: Path) -> None:
    """It would be read back as two."""
    journal = Journal.open(path)

    with pytest.raises(JournalError, match="newline"):
        journal.append(b"one\ntwo")

    assert path.read_bytes() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_an_error_of_the_system() -> None:
    """The caller counts it."""
    journal = Journal.open(Path("/dev/full"))

    with pytest.raises(OSError, match="No space left"):
        journal.append(b"line")


def test_a_line_that_the_disk_takes_in_part_spoils_no_other(path: Path) -> None:
    """The next one starts on a line of its own."""
    pytest.importorskip("resource")
    told = run_python(
        """
        import resource, sys
        from pathlib import Path
        from understudy.durable import Journal
        from understudy.errors import JournalError
        journal = Journal.open(Path(sys.argv[1]))
        journal.append(b"first")
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, most))
        try:
            journal.append(b"second")
        except JournalError as error:
            print(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        journal.append(b"third")
        journal.append(b"fourth")
        """,
        path,
    )

    assert "took 4 of 7 bytes" in told
    assert list(JournalLines(path)) == [b"first", b"seco", b"third", b"fourth"]
