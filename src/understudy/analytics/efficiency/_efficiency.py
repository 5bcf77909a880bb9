"""How many milliseconds a model takes for a token, weighted by tokens."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from ...stats import TOKEN_BUCKETS, TokenSums
from ._groups import Loads, Measured, grouped, rank_of, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...stats import RecentLoads, ThoughtSums


class Line(NamedTuple):
    """An answer takes `intercept_ms`, and `slope_ms` for each token."""

    intercept_ms: float
    slope_ms: float


def line_of(sums: TokenSums) -> Line | None:
    """Return the line of least squares; None where all answers have one length, or no end.

    slope = (n Σt·ms - Σt Σms) / (n Σt² - (Σt)²), intercept = (Σms - slope Σt) / n. In fractions,
    as both differences are of large numbers that are nearly alike.
    """
    spread = sums.count * sums.tokens_squared - sums.tokens**2
    if spread <= 0 or not isfinite(sums.ms) or not isfinite(sums.tokens_ms):
        return None
    ms = Fraction(sums.ms)
    slope = (sums.count * Fraction(sums.tokens_ms) - sums.tokens * ms) / spread
    return Line(float((ms - slope * sums.tokens) / sums.count), float(slope))


@dataclass(frozen=True, slots=True)
class BucketEfficiency:
    """The answers of one length; `bucket` is one of TOKEN_BUCKETS."""

    bucket: str
    sums: TokenSums

    @property
    def ms_per_token(self) -> float:
        """All the time over all the tokens."""
        return self.sums.ms / self.sums.tokens


@dataclass(frozen=True, slots=True)
class ModelEfficiency:
    """How fast one model answers, as one source tells it, and how long it loads.

    `load_seconds` is the median of the last loads that succeeded; None where none is known.
    """

    component: str
    source: str
    sums: TokenSums
    buckets: tuple[BucketEfficiency, ...]
    load_seconds: float | None

    @property
    def ms_per_token(self) -> float | None:
        """All the time over all the tokens; None where only loads are known."""
        return self.sums.ms / self.sums.tokens if self.sums.tokens else None

    @property
    def decode_ms_per_token(self) -> float | None:
        """The time of generation alone, where it is told."""
        sums = self.sums
        return sums.decode_ms / sums.decode_tokens if sums.decode_tokens else None

    @property
    def prompt_ms_per_token(self) -> float | None:
        """The time of reading the prompt, for each of its tokens, where it is told."""
        sums = self.sums
        return sums.prompt_ms / sums.prompt_tokens if sums.prompt_tokens else None

    @property
    def line(self) -> Line | None:
        """The fixed part of an answer's time, and that of each token."""
        return line_of(self.sums)


def efficiency_of(
    rows: Iterable[ThoughtSums], loads: Iterable[RecentLoads] = ()
) -> tuple[ModelEfficiency, ...]:
    """Return the figures of each model and source, the fastest by the token first.

    Those of which only loads are known come last.
    """
    groups = grouped(rows)
    known = Loads(loads)
    answering = {each.component for each in groups}
    silent = [each for each in known.measured if each.component not in answering]
    found = [_efficiency(each, groups.get(each, ()), known) for each in (*groups, *silent)]
    return tuple(sorted(found, key=_rank))


def _efficiency(measured: Measured, rows: Sequence[ThoughtSums], loads: Loads) -> ModelEfficiency:
    buckets = [
        BucketEfficiency(name, sums)
        for number, name in enumerate(TOKEN_BUCKETS)
        if (sums := total(row for row in rows if row.bucket == number)).count
    ]
    return ModelEfficiency(*measured, total(rows), tuple(buckets), loads.seconds(measured))


def _rank(model: ModelEfficiency) -> tuple[float, str, int]:
    speed = model.ms_per_token
    return (inf if speed is None else speed, model.component, rank_of(model.source))
