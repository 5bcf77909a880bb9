"""Which rule holds for which metric of which test."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from re import compile as compile_pattern
from typing import TYPE_CHECKING, Final

from ._rule import NOTHING, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from re import Pattern

    from .._metric import Metric

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

    @property
    def is_uniform(self) -> bool:
        """Whether one set of rules holds for all tests without a marker."""
        return not self.tests

    def rules_for(self, subject: str, marked: Mapping[str, Rule]) -> Rules:
        """Return the rules of a test, the weakest first."""
        rules = dict(self.everywhere)
        for glob, own in self.tests.items():
            if matches(glob, subject):
                _lay_over(rules, own)
        _lay_over(rules, marked)
        return rules


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
