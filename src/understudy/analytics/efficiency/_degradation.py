"""Did a model become slower, or is that noise? Quiet where there is too little to tell."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from typing import TYPE_CHECKING, Final

from ...errors import counted
from ...stats import student_isf
from ._levels import Levels, levels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...stats import ThoughtSums

#: So much slower is a fall, if it is surely slower by this; below that an alert is cleared.
FALL: Final = 1.2
PROOF: Final = 1.05
CLEARED: Final = 1.1
#: How many standard errors the lower bound lies below, and the normal's chance beyond them.
_ERRORS: Final = 2.6
_CHANCE: Final = 0.004661188
#: Of the largest number there is.
_LARGEST_LOG: Final = 709.0
_LEAST_RECENT, _LEAST_TOKENS, _LEAST_PAST, _LEAST_DAYS = 20, 2000, 100, 3
#: From so many runs before on, a run counts as one figure: its requests share a machine's load.
_LEAST_RUNS: Final = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model now against before. `ratio` is above 1 where it is slower; so is its lower bound.

    None where there is too little to tell; `lacking` says what.
    """

    ratio: float | None = None
    lower: float | None = None
    lacking: str | None = None

    @property
    def has_fallen(self) -> bool:
        """Whether it became slower by more than 20 %, and surely by more than 5 %."""
        if self.ratio is None or self.lower is None:
            return False
        return self.ratio > FALL and self.lower > PROOF

    @property
    def is_cleared(self) -> bool:
        """Whether it is less than 10 % slower."""
        return self.ratio is not None and self.ratio < CLEARED


def compare(recent: Iterable[ThoughtSums], past: Iterable[ThoughtSums]) -> Comparison:
    """Compare the answers of one model by one source with those before them.

    The figure is the mean difference of the logarithms of the milliseconds a token, bucket by
    bucket, so that a change in the length of answers is no change of the model.
    """
    recent, past = list(recent), list(past)
    if lacking := _lacking(recent, past):
        return Comparison(lacking=lacking)
    shared = {row.bucket for row in recent} & {row.bucket for row in past if row.sums.log_count}
    recent = [row for row in recent if row.bucket in shared]
    past = [row for row in past if row.bucket in shared]
    if lacking := _lacking(recent, past):
        return Comparison(lacking=f"of answers as long as those before: {lacking}")
    before = levels_of(past)
    now = levels_of(recent, centres=before.centres)
    difference, error = _by_requests(now, before)
    bound = _ERRORS * error
    if now.runs and len(before.runs) >= _LEAST_RUNS:
        difference, beyond = _by_runs(now, before)
        bound = max(bound, beyond)
    return Comparison(_ratio(difference), _ratio(difference - bound))


def _ratio(difference: float) -> float:
    return exp(min(difference, _LARGEST_LOG))


def is_enough(recent: Iterable[ThoughtSums]) -> bool:
    """Tell whether a day has as many answers as a comparison needs."""
    sums = [row.sums for row in recent]
    requests, tokens = sum(each.log_count for each in sums), sum(each.tokens for each in sums)
    return requests >= _LEAST_RECENT and tokens >= _LEAST_TOKENS


def _lacking(recent: Sequence[ThoughtSums], past: Sequence[ThoughtSums]) -> str | None:
    requests = sum(row.sums.log_count for row in recent)
    tokens = sum(row.sums.tokens for row in recent)
    before = sum(row.sums.log_count for row in past)
    days = len({row.day for row in past})
    if not is_enough(recent):
        what = f"{counted(requests, 'request')} and {counted(tokens, 'token')} in a day"
        return f"{what}, {_LEAST_RECENT} and {_LEAST_TOKENS:,} are needed"
    if before < _LEAST_PAST or days < _LEAST_DAYS:
        what = f"{counted(before, 'request')} on {counted(days, 'day')} before"
        return f"{what}, {_LEAST_PAST} on {_LEAST_DAYS} are needed"
    return None


def _by_requests(now: Levels, before: Levels) -> tuple[float, float]:
    """Return the mean difference of the requests and its standard error (Welch)."""
    shares = {bucket: count / now.count for bucket, count in now.counts.items()}
    doubt = sum(share**2 / before.counts[bucket] for bucket, share in shares.items())
    return now.mean, sqrt(now.variance / now.count + before.variance * doubt)


def _by_runs(now: Levels, before: Levels) -> tuple[float, float]:
    """Return the mean difference of the runs, and how far its lower bound is below (Student)."""
    runs, earlier = now.runs, before.runs
    df = len(runs) + len(earlier) - 2
    mean, usual = sum(runs) / len(runs), sum(earlier) / len(earlier)
    squares = sum((each - mean) ** 2 for each in runs)
    squares += sum((each - usual) ** 2 for each in earlier)
    error = sqrt(squares / df * (1 / len(runs) + 1 / len(earlier)))
    return mean - usual, student_isf(_CHANCE, df) * error
