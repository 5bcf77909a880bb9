"""What is printed at the end of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from understudy.pytest_plugin.run._merge import Merged
from understudy.pytest_plugin.run._summary import problems_of
from understudy.store import MergeReport

ROOT = Path("/root/calls.db.journal")
NOTHING = MergeReport(
    runs=(),
    phases=(),
    events=(),
    written=0,
    rejected=0,
    reasons=(),
    rejected_path=None,
    torn=0,
    price_errors=0,
    set_aside=None,
    failure=None,
    kept=(),
)


def test_a_run_without_calls_has_lost_none() -> None:
    """Where its store cannot be made."""
    merged = Merged(replace(NOTHING, failure="no such folder"), None, is_idle=True)

    assert list(problems_of(merged, ROOT, "no room")) == [
        "the store was not written: no such folder."
    ]


def problems(
    *, no_journal: str | None = None, stranded: Path | None = None, **report: Any
) -> list[str]:
    """Return what is said of a merge."""
    merged = Merged(replace(NOTHING, **report), stranded)
    return list(problems_of(merged, ROOT, no_journal))


def test_a_good_merge_is_not_worth_a_word() -> None:
    """There is no problem."""
    assert problems() == []


@pytest.mark.parametrize(
    ("aspects", "words"),
    [
        (
            {"failure": "it is locked", "kept": (ROOT / "run/main.jsonl",)},
            (
                "the store was not written: it is locked."
                " The journals stay in /root/calls.db.journal, and the next run merges them."
            ),
        ),
        (
            {"failure": "Why?", "no_journal": "no room", "stranded": Path("/tmp/x.jsonl")},
            (
                "the store was not written: Why?"
                " Calls that no journal took are kept in /tmp/x.jsonl."
            ),
        ),
        (
            {"failure": "full", "no_journal": "no room"},
            "the store was not written: full. Calls that no journal took are lost: no room.",
        ),
        ({"no_journal": "no room"}, "no room: a killed process would have lost its calls"),
        (
            {"set_aside": Path("x.corrupt")},
            "the store was corrupt; it was set aside as x.corrupt, a new one begun",
        ),
        (
            {"rejected": 2, "rejected_path": Path("x.jsonl"), "reasons": ("bad", "worse")},
            "2 records refused, see x.jsonl: bad; worse",
        ),
        ({"late": 2}, "2 events of a time that is pruned, kept in the sums of hours and days only"),
        ({"torn": 1}, "1 journal of killed processes ended in half a line, left out"),
        ({"price_errors": 1}, "1 call without a cost: a price table raised"),
    ],
)
def test_each_problem_is_one_line(aspects: dict[str, Any], words: str) -> None:
    """What was lost, and where it is."""
    assert problems(**aspects) == [words]
