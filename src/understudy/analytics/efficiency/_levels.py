"""How far answers are from what answers of their length usually take."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...stats import ThoughtSums


@dataclass(frozen=True, slots=True)
class Levels:
    """The logarithms of the milliseconds a token, off the centre of their bucket.

    `counts` and `centres` are by bucket; `variance` is of the requests around the mean of their
    own bucket; `runs` holds one mean for each run.
    """

    count: int
    counts: Mapping[int, int]
    centres: Mapping[int, float]
    mean: float
    variance: float
    runs: tuple[float, ...]


@dataclass(slots=True)
class _Part:
    count: int = 0
    logs: float = 0.0
    squares: float = 0.0

    def add(self, row: ThoughtSums) -> None:
        self.count += row.sums.log_count
        self.logs += row.sums.logs
        self.squares += row.sums.logs_squared


def levels_of(rows: Iterable[ThoughtSums], *, centres: Mapping[int, float] | None = None) -> Levels:
    """Sum up rows of one model, of which at least one took any time.

    Each bucket has its own centre: of `centres`, by default its mean.
    """
    rows = [row for row in rows if row.sums.log_count]
    buckets: defaultdict[int, _Part] = defaultdict(_Part)
    for row in rows:
        buckets[row.bucket].add(row)
    if centres is None:
        centres = {bucket: part.logs / part.count for bucket, part in buckets.items()}
    count = sum(part.count for part in buckets.values())
    off = sum(part.logs - part.count * centres[bucket] for bucket, part in buckets.items())
    squares = sum(part.squares - part.logs**2 / part.count for part in buckets.values())
    return Levels(
        count=count,
        counts={bucket: part.count for bucket, part in buckets.items()},
        centres=centres,
        mean=off / count,
        variance=max(0.0, squares) / max(1, count - len(buckets)),
        runs=_run_means(rows, centres),
    )


def _run_means(rows: Iterable[ThoughtSums], centres: Mapping[int, float]) -> tuple[float, ...]:
    runs: defaultdict[str, _Part] = defaultdict(_Part)
    for row in rows:
        if row.run_id is not None:
            part = runs[row.run_id]
            part.count += row.sums.log_count
            part.logs += row.sums.logs - row.sums.log_count * centres[row.bucket]
    return tuple(part.logs / part.count for part in runs.values())
