"""What is measured, in which unit, which way is worse; and the figures of one test."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from ..pricing import is_billable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction

    from ..events import CallEvent
    from ..events.lifecycle import AnyLifecycleEvent

Number = int | float


class Kind(StrEnum):
    """By which rule a figure is judged; origin and clock of the calls decide.

    EXACT: mocked and replayed calls, compared as they are. NOISY: figures of live calls, a
    statistical test over runs. PAIRED: SMAPE of live calls, a test over pairs of calls.
    SHOWN: measures the machine or rests on a guess; never judged.
    """

    EXACT = "exact"
    NOISY = "noisy"
    PAIRED = "paired"
    SHOWN = "shown"


class Family(StrEnum):
    """What metrics have in common: where they come from, and how those of live calls compare.

    COUNT: calls and tokens; one figure a run. COST: money, likewise, priced anew before it is
    compared. LATENCY: read off a clock, call by call. ACCURACY: of predictions, pair by pair.
    ASIDE: not compared where calls are live. OWN and TIMED: what a plugin measures, TIMED off
    a clock; one figure a run.
    """

    COUNT = "count"
    COST = "cost"
    LATENCY = "latency"
    ACCURACY = "accuracy"
    ASIDE = "aside"
    OWN = "own"
    TIMED = "timed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What each attempt adds to a metric.

    `of` is None where the attempt does not say; where it is `expected` to, the figure is then
    unknown, for the reason `missing`. `once`: only one attempt of each logical call counts.
    """

    of: Callable[[CallEvent], int | None]
    expected: Callable[[CallEvent], bool] = is_billable
    missing: str = "no {metric} in the answer of {model}"
    once: bool = False


def _say_nothing(values: Mapping[str, Number]) -> str:
    del values
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of a test: all that is known of it stands in its row.

    Figures are stored as whole numbers where they can be: `scale` of them make one `unit`.
    `gated`: it is judged where no policy names it. `sparse`: a figure of 0 is not kept, and what
    is not kept is 0. Figures of several tests make one by `total`, or by their mean with the
    figure `weighted_by` as weights. `explain` says of the values of a test what this one is over.
    `sums` is of a sum over calls, which is kept for each model; `measure` reads any other off the
    calls of a test, `sample` off one of them; `events` chooses the lifecycle events it counts.
    """

    name: str
    unit: str
    family: Family
    scale: int = 1
    gated: bool = True
    sparse: bool = False
    higher_is_better: bool = False
    total: Literal["sum", "max"] = "sum"
    weighted_by: str | None = None
    explain: Callable[[Mapping[str, Number]], str] = _say_nothing
    sums: Sum | None = None
    measure: Callable[[Sequence[CallEvent]], float | None] | None = None
    sample: Callable[[CallEvent], float | None] | None = None
    events: Callable[[AnyLifecycleEvent], bool] | None = None

    @property
    def by_model(self) -> bool:
        """Whether it is a sum over calls, kept for each model."""
        return self.sums is not None

    @property
    def timed(self) -> bool:
        """Whether it is read off a clock."""
        return self.family in {Family.LATENCY, Family.TIMED}

    @property
    def is_registered(self) -> bool:
        """Whether a plugin measures it."""
        return self.family in {Family.OWN, Family.TIMED}

    @property
    def words(self) -> tuple[str, str]:
        """What worse is called, and what better is."""
        if self.timed:
            return "slower", "faster"
        return ("lower", "higher") if self.higher_is_better else ("higher", "lower")

    def is_worse(self, now: float, limit: float | Fraction) -> bool:
        """Tell whether `now` is on the wrong side of `limit`; what is no number is."""
        return not (now >= limit if self.higher_is_better else now <= limit)


@dataclass(slots=True, kw_only=True)
class Figures:
    """The figures of a test, or of a fixture of wider scope.

    `values` holds what is known, in stored units, `timed` what was read off a clock;
    `unknown` says why the others are not. `counts`, `latency` and `accuracy` are the kinds
    of tokens, calls and cost; of what is timed; and of SMAPE. `how` is the circumstance of
    what is timed: its clock and what set the pace, as in `virtual:realistic_l3`. `models`
    holds the sums of each model, `samples` the live latencies in ms, call by call, `pairs`
    (predicted, actual) tokens. `remark` says why a kind is `shown`.
    """

    subject: str
    counts: Kind = Kind.EXACT
    latency: Kind = Kind.SHOWN
    accuracy: Kind = Kind.EXACT
    how: str = ""
    remark: str = ""
    values: dict[str, Number] = field(default_factory=dict)
    timed: dict[str, Number] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    models: dict[str, dict[str, int]] = field(default_factory=dict)
    samples: dict[str, list[float]] = field(default_factory=dict)
    pairs: list[tuple[int, int]] = field(default_factory=list)

    def kind(self, metric: Metric) -> Kind:
        """Return the rule that a metric of this test is judged by."""
        if metric.timed:
            return self.latency
        return self.accuracy if metric.family is Family.ACCURACY else self.counts

    def value(self, metric: Metric) -> Number | None:
        """Return a figure, None where it is unknown."""
        return (self.timed if metric.timed else self.values).get(metric.name)
