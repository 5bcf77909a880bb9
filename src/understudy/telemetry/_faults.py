"""Faults of our own: counted, said once, never raised."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from ..errors import counted
from ..redaction import redacted

_LENGTH: Final = 200


@dataclass(slots=True)
class FaultLog:
    """Counts faults by place and keeps the first message of each place."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def note(self, place: str, error: BaseException | str) -> None:
        """Count a fault at `place`, words that fit behind "while"."""
        self.counts[place] += 1
        if place not in self.first:
            self.first[place] = error if isinstance(error, str) else in_one_line(error)

    def contained(self, place: str) -> Contained:
        """Count what is raised inside, and go on."""
        return Contained(self, place)

    def absorb(self, counts: dict[str, int], first: dict[str, str]) -> None:
        """Add what another process counted."""
        self.counts.update(counts)
        for place, message in first.items():
            self.first.setdefault(place, message)

    def lines(self) -> list[str]:
        """Say each kind of fault once."""
        return [
            f"{counted(count, 'fault')} while {place}: {self.first[place]}"
            for place, count in sorted(self.counts.items())
        ]


@dataclass(slots=True)
class Contained:
    """What is raised inside is a fault, and must not reach a test."""

    faults: FaultLog
    place: str

    def __enter__(self) -> None:
        """Nothing is to be prepared: a generator would take three times as long."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Count it, unless it is to end the thread or the program."""
        if not isinstance(error, Exception):
            return False
        self.faults.note(self.place, error)
        return True


@dataclass(slots=True)
class LoggedFaults(FaultLog):
    """Says the first fault of each place on the logger `understudy`: there may be no end."""

    _said: dict[str, object] = field(default_factory=dict)

    def note(self, place: str, error: BaseException | str) -> None:
        """Count a fault, and say it once, whichever threads it happens in."""
        # Not `super()`: a class with slots is made anew, and the method would know the old one.
        FaultLog.note(self, place, error)
        mine = object()
        if self._said.setdefault(place, mine) is mine:
            logger = logging.getLogger("understudy")
            logger.warning("understudy: a fault while %s: %s", place, self.first[place])


def words_of(error: BaseException) -> str:
    """Return the text of any exception, also of one that has none to give."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - it is the application's, and may be broken
        return ""


def in_one_line(error: BaseException) -> str:
    kind = type(error).__name__
    lines = redacted(words_of(error)).strip().splitlines()
    return f"{kind}: {lines[0][:_LENGTH]}" if lines else kind
