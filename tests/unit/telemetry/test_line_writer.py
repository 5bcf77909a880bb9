"""Lines of a process, in its journal or in memory."""

from __future__ import annotations

from understudy.telemetry import JournalWriter, NullWriter


def test_a_journal_takes_the_lines() -> None:
    """Nothing is kept besides."""
    written: list[bytes] = []
    lines = JournalWriter(written.append)

    lines.append(b"1")

    assert written == [b"1"]
    assert (lines.kept, lines.failure) == ([], None)


def test_lines_that_a_journal_does_not_take_are_kept() -> None:
    """With the first reason; when it takes lines again, it gets them."""
    written: list[bytes] = []

    def write(line: bytes) -> None:
        if line != b"3":
            raise OSError(28, f"full {line.decode()}")
        written.append(line)

    lines = JournalWriter(write)

    for line in (b"1", b"2", b"3"):
        lines.append(line)

    assert lines.kept == [b"1", b"2"]
    assert written == [b"3"]
    assert lines.failure == "the journal could not be written ([Errno 28] full 1)"


def test_without_a_journal_all_lines_are_kept() -> None:
    """The reason is the one that was given."""
    lines = JournalWriter(None, failure="no journal")

    lines.append(b"1")

    assert (lines.kept, lines.failure) == ([b"1"], "no journal")


def test_lines_of_tests_that_are_only_watched_are_forgotten() -> None:
    """Without telemetry nothing is kept."""
    NullWriter().append(b"1")
