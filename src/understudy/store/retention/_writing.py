"""Which runs have lines in journals that the store does not hold yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import from_json

from ...durable import JournalLines, RunJournals
from ._order import PruneOrder

if TYPE_CHECKING:
    from pathlib import Path

#: A line is written when its call has ended; none takes longer.
_LONGEST_CALL: Final = timedelta(days=1)
_LINES: Final = 10


@dataclass(frozen=True, slots=True)
class Writing:
    """What of a store is not to be pruned, since its journals are not merged yet.

    `spared` are runs of which nothing may go: a journal of theirs waits, of which the store may
    hold a part. `kept` still write; `since` is when the oldest event may be that they will.
    """

    spared: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    since: datetime | None = None

    def order(self, before: datetime, **more: Any) -> PruneOrder:
        """Return an order that leaves this alone, of what is from before a moment."""
        earliest = before if self.since is None else min(before, self.since)
        return PruneOrder(earliest, spared=self.spared, kept=self.kept, **more)


def writing(root: Path) -> Writing:
    """Look at the journals below `root`."""
    spared, kept, moments = set(), set(), []
    for folder in _folders(root):
        begun = _begun(folder) if _is_written(folder) else None
        if begun is None:
            spared.add(folder.name)
        else:
            kept.add(folder.name)
            moments.append(begun - _LONGEST_CALL)
    return Writing(frozenset(spared), frozenset(kept), min(moments, default=None))


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(path for path in root.iterdir() if path.is_dir())
    except OSError:
        return []


def _is_written(folder: Path) -> bool:
    """Tell whether a process holds the journals; where nobody can tell, none does."""
    try:
        claim = RunJournals.claim(folder)
    except OSError:
        return False
    if claim is None:
        return True
    claim.release()
    return False


def _begun(folder: Path) -> datetime | None:
    """Return the earliest moment that the journals tell of, None where one does not tell."""
    moments = [_first_moment(path) for path in folder.glob("*.jsonl")]
    if not moments or None in moments:
        return None
    return min(moment for moment in moments if moment is not None)


def _first_moment(path: Path) -> datetime | None:
    try:
        for line in islice(JournalLines(path), _LINES):
            if (moment := _moment(line)) is not None:
                return moment
    except OSError:
        pass  # it was merged at this moment
    return None


def _moment(line: bytes) -> datetime | None:
    try:
        fields = from_json(line)
        moment = datetime.fromisoformat(fields.get("started") or fields["ts"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return moment if moment.tzinfo else None
