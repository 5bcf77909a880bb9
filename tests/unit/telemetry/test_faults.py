"""Faults of our own: counted, said once, never raised."""

from __future__ import annotations

import pytest

from understudy.telemetry import FaultLog


class BrokenError(Exception):
    """An exception that cannot say what it is."""

    def __str__(self) -> str:
        msg = "broken too"
        raise RuntimeError(msg)


def test_each_place_is_said_once_with_its_first_fault() -> None:
    """Sorted by place, with how often."""
    faults = FaultLog()

    faults.note("writing", ValueError("first"))
    faults.note("writing", ValueError("second"))
    faults.note("reading", "a mere text")

    assert faults.lines() == [
        "1 fault while reading: a mere text",
        "2 faults while writing: ValueError: first",
    ]


def test_what_is_contained_goes_on() -> None:
    """An exception inside is a fault; the code after it runs."""
    faults = FaultLog()

    with faults.contained("dividing"):
        1 / 0  # noqa: B018

    assert faults.lines() == ["1 fault while dividing: ZeroDivisionError: division by zero"]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_the_program_is_not_contained(kind: type[BaseException]) -> None:
    """It is not ours to stop."""
    faults = FaultLog()

    with pytest.raises(kind), faults.contained("working"):
        raise kind

    assert faults.lines() == []


def test_another_process_adds_its_own() -> None:
    """Counts are added; the message that came first stays."""
    faults, other = FaultLog(), FaultLog()
    faults.note("writing", "mine")
    other.note("writing", "theirs")
    other.note("reading", "theirs")

    faults.absorb(dict(other.counts), dict(other.first))

    assert faults.lines() == ["1 fault while reading: theirs", "2 faults while writing: mine"]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError(""), "1 fault while x: ValueError"),
        (ValueError("one\ntwo"), "1 fault while x: ValueError: one"),
        (ValueError("a" * 999), f"1 fault while x: ValueError: {'a' * 200}"),
        (
            ValueError("the key sk-abcdefghijkl is wrong"),
            "1 fault while x: ValueError: the key [redacted] is wrong",
        ),
        (BrokenError(), "1 fault while x: BrokenError"),
    ],
    ids=["no words", "several lines", "long", "a key", "no words at all"],
)
def test_a_fault_is_one_short_line_without_keys(error: Exception, line: str) -> None:
    """Whatever the exception says."""
    faults = FaultLog()

    faults.note("x", error)

    assert faults.lines() == [line]
