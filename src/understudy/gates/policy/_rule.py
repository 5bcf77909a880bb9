"""What one metric of one test, or group of tests, may do."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much worse than the baseline a figure may be; `text` is how it was written.

    `share` is a part of the baseline (0.05 for 5 %), `amount` is in the metric's stored unit.
    """

    share: Fraction = Fraction(0)
    amount: Fraction = Fraction(0)
    text: str = "0"

    def of(self, baseline: float) -> Fraction:
        """Return the allowance beside a baseline, in the metric's stored unit."""
        return abs(Fraction(baseline)) * self.share + self.amount


NOTHING = Allowance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a metric may do; None where this rule does not say.

    `ceiling` bounds the figure of each test, `budget` the sum over all tests that the rule
    is for; both are in the metric's stored unit and need no baseline.
    """

    allowance: Allowance | None = None
    ceiling: Fraction | None = None
    budget: Fraction | None = None
    gated: bool | None = None

    def over(self, other: Rule) -> Rule:
        """Return this rule, and what `other` says where this one does not."""
        return Rule(
            allowance=other.allowance if self.allowance is None else self.allowance,
            ceiling=other.ceiling if self.ceiling is None else self.ceiling,
            budget=other.budget if self.budget is None else self.budget,
            gated=other.gated if self.gated is None else self.gated,
        )
