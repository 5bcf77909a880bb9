"""What a metric may do, and which rule holds for which metric of which test."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import translate
from fractions import Fraction
from functools import lru_cache
from re import Pattern
from re import compile as compile_pattern
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from .._metric import Metric


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


Rules = dict[str, Rule]


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules by metric: for all tests, by glob of node ids, and by group of tests.

    A later glob wins over an earlier one, the marker of the test over them all. Groups are
    `run`, `module:<glob>`, `marker:<glob>` and `model:<glob>`.
    """

    everywhere: Rules = field(default_factory=dict)
    tests: Mapping[str, Rules] = field(default_factory=dict)
    groups: Mapping[str, Rules] = field(default_factory=dict)

    def rules_for(self, subject: str, marked: Mapping[str, Rule]) -> Rules:
        """Return the rules of a test, the weakest first."""
        rules = dict(self.everywhere)
        for glob, own in self.tests.items():
            if matches(glob, subject):
                _lay_over(rules, own)
        _lay_over(rules, marked)
        return rules

    def unused(self, tests: Collection[str], groups: Collection[str]) -> Iterator[str]:
        """Name the globs that fit none of the tests, or of the groups, that there are."""
        tables = (("tests", self.tests, tests), ("groups", self.groups, groups))
        for table, globs, names in tables:
            for glob in globs:
                if not any(matches(glob, name) for name in names):
                    nearest = get_close_matches(glob, names, n=1)
                    hint = f"; nearest is {nearest[0]!r}" if nearest else ""
                    yield f"{glob!r} in [tool.understudy.gates.{table}] fits nothing{hint}"


DEFAULT_POLICY: Final = Policy()


def settled(rule: Rule | None, metric: Metric) -> Rule:
    """Return a rule without gaps: what nobody said is the metric's default."""
    default = Rule(allowance=NOTHING, gated=metric.gated)
    return default if rule is None else rule.over(default)


def matches(glob: str, name: str) -> bool:
    """Tell whether a glob of a policy fits; brackets in node ids are no classes of letters."""
    return glob == name or _pattern(glob).fullmatch(name) is not None


@lru_cache(maxsize=256)
def _pattern(glob: str) -> Pattern[str]:
    return compile_pattern(translate(glob.replace("[", "[[]")))


def _lay_over(rules: Rules, stronger: Mapping[str, Rule]) -> None:
    for name, rule in stronger.items():
        rules[name] = rule.over(rules[name]) if name in rules else rule
