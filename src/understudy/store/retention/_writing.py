"""Which runs have lines in journals that the store does not hold yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import from_json

from ...clock import utc_now
from ...durable import JournalLines, RunJournals
from ._order import PruneOrder

if TYPE_CHECKING:
    from pathlib import Path

#: A line is written when its call has ended; none takes longer.
_LONGEST_CALL: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Writing:
    """What of a store is not to be pruned, since its journals are not merged yet.

    `spared` are runs of which nothing may go: a journal of theirs waits, of which the store may
    hold a part. `kept` still write; `since` is when the oldest event may be that they will, or
    did without that it is merged.
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
    """Return the earliest moment of what journals hold, None where there is none."""
    return min(map(_first_moment, folder.glob("*.jsonl")), default=None)


def _first_moment(path: Path) -> datetime:
    """Return when the first event of a journal was; of one without, when it was last written.

    When its run began says nothing: a program may run for years, and what it wrote is merged.
    """
    try:
        for line in JournalLines(path):
            if (moment := _moment(line)) is not None:
                return moment
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return utc_now()  # it was merged at this moment


def _moment(line: bytes) -> datetime | None:
    try:
        ts = from_json(line)["ts"]
        if isinstance(ts, str):
            moment = datetime.fromisoformat(ts)
            return moment if moment.tzinfo else None
        return datetime.fromtimestamp(ts, UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
