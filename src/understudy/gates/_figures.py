"""What the calls of one test came to, metric by metric."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ._metric import Kind

if TYPE_CHECKING:
    from ._metric import Metric

Number = int | float


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
        return self.accuracy if metric.name == "smape" else self.counts

    def value(self, metric: Metric) -> Number | None:
        """Return a figure, None where it is unknown."""
        return (self.timed if metric.timed else self.values).get(metric.name)
