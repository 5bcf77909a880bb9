"""What a gate says of one figure, and of a run; what each word does to the run."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ._metric import Kind

Colour = Literal["red", "yellow", "green"]


class Verdict(StrEnum):
    """What a gate says of a figure.

    PASS, NEW and IMPROVED are green. INCONCLUSIVE and ENV_MISMATCH are yellow: a warning,
    red where the gate is strict. FAIL, MISSING, SUITE_SHIFT and NO_COMPARISON are red.
    """

    PASS = "PASS"  # noqa: S105 - a verdict
    NEW = "NEW"
    IMPROVED = "IMPROVED"
    INCONCLUSIVE = "INCONCLUSIVE"
    ENV_MISMATCH = "ENV_MISMATCH"
    FAIL = "FAIL"
    MISSING = "MISSING"
    SUITE_SHIFT = "SUITE_SHIFT"
    NO_COMPARISON = "NO_COMPARISON"

    @property
    def colour(self) -> Colour:
        """What it does to the run."""
        if self in _RED:
            return "red"
        return "yellow" if self in _YELLOW else "green"

    def fails(self, *, strict: bool = False) -> bool:
        """Tell whether it fails the run."""
        return self.colour == "red" or (strict and self.colour == "yellow")


_RED: Final = frozenset({Verdict.FAIL, Verdict.MISSING, Verdict.SUITE_SHIFT, Verdict.NO_COMPARISON})
#: Two small numbers, as in `2 -> 12`, say more than their difference.
_SHORT: Final = 7
#: How many tests, or files of tests, a command names.
_NAMED: Final = 3
_YELLOW: Final = frozenset({Verdict.INCONCLUSIVE, Verdict.ENV_MISMATCH})
_ORDER: Final = (
    Verdict.NO_COMPARISON,
    Verdict.SUITE_SHIFT,
    Verdict.FAIL,
    Verdict.MISSING,
    Verdict.ENV_MISMATCH,
    Verdict.INCONCLUSIVE,
    Verdict.IMPROVED,
    Verdict.NEW,
    Verdict.PASS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What a test over runs found; None where it found nothing to say."""

    ratio: float | None = None
    p: float | None = None
    q: float | None = None
    mde_percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict on one metric of one subject, with all that its reader needs.

    `subject` is a node id, `fixture:<name>`, a group as `marker:slow`, or `run`; `metric` is
    None for a verdict on the whole of it. `baseline` and `now` are in the metric's stored
    unit, `change` says them in words. `reason` says why, `advice` what to do.
    """

    verdict: Verdict
    subject: str
    metric: str | None = None
    kind: Kind | None = None
    baseline: float | None = None
    now: float | None = None
    change: str = ""
    reason: str = ""
    advice: str = ""
    statistics: Statistics | None = None

    @property
    def text(self) -> str:
        """The finding in one sentence, without its subject and its advice."""
        head = " ".join(filter(None, (self.metric, self.change)))
        return ": ".join(filter(None, (head, self.reason)))

    @property
    def headline(self) -> str:
        """The finding as short as it can be told: `duration +169.8 %`, `attempts 2 -> 3`."""
        ends, _, way = self.change.removesuffix(")").rpartition(" (")
        steps = way.split(", ")
        step = steps[0] if steps[0].endswith("points") or not ends else steps[-1]
        if 0 < len(ends) <= _SHORT:
            step = ends
        word = "" if self.verdict is Verdict.FAIL else str(self.verdict)
        return " ".join(filter(None, (word, self.metric, step)))

    @property
    def told(self) -> str:
        """The finding in one sentence that begins with the figure; another verdict is named."""
        return self.text if self.verdict is Verdict.FAIL else f"{self.verdict} {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that a gate says of a run.

    `findings` are all but those that passed, the worst first; `passed` the metrics that
    did, by subject. `notes` say what was not judged, and why. `flagged` are the tests whose
    live figures want fresh runs before they fail.
    """

    findings: tuple[Finding, ...] = ()
    passed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()

    @property
    def compared(self) -> int:
        """How many figures were held against the baseline."""
        judged = sum(finding.baseline is not None for finding in self.findings)
        return judged + sum(map(len, self.passed.values()))

    def failing(self, *, strict: bool = False) -> list[Finding]:
        """Return what fails the run."""
        return [finding for finding in self.findings if finding.verdict.fails(strict=strict)]

    def count(self, verdict: Verdict) -> int:
        """Return how many figures have a verdict."""
        if verdict is Verdict.PASS:
            return sum(map(len, self.passed.values()))
        return sum(finding.verdict is verdict for finding in self.findings)

    @property
    def counts(self) -> dict[Verdict, int]:
        """The verdicts that were given, in the order of their words' weight."""
        numbers = {verdict: self.count(verdict) for verdict in Verdict}
        return {verdict: number for verdict, number in numbers.items() if number}

    @property
    def tally(self) -> str:
        """The verdicts in words: `120 PASS, 2 FAIL`."""
        return ", ".join(f"{number:,} {each}" for each, number in self.counts.items()) or "nothing"

    def everything(self) -> Iterator[Finding]:
        """Yield all findings, those that passed at the end."""
        yield from self.findings
        for subject, metrics in self.passed.items():
            for metric in metrics:
                yield Finding(verdict=Verdict.PASS, subject=subject, metric=metric)


def worst_first(finding: Finding) -> tuple[int, str, str]:
    """Sort findings by verdict, then by name."""
    return _ORDER.index(finding.verdict), finding.subject, finding.metric or ""


def selection_of(subject: str) -> str:
    """Return what selects a test; a fixture is of the whole run."""
    return subject if "::" in subject else ""


def how_to_accept(*tests: str) -> str:
    """Return the command that makes today's figures of tests, node ids or files, the baseline."""
    selection = "".join(f"{shlex.quote(each)} " for each in tests if each)
    return f'pytest {selection}--llm-update-baseline --llm-reason="why this is right"'


def what_to_do(findings: Iterable[Finding]) -> list[str]:
    """Return what to do about findings, each thing once: one command accepts all that can be.

    It names a few tests, else their files, else none: then it is of the whole run.
    """
    accepted: dict[str, None] = {}
    others: dict[str, None] = {}
    for finding in findings:
        selection = selection_of(finding.subject)
        if finding.advice == how_to_accept(selection):
            accepted[selection] = None
        else:
            others[finding.advice] = None
    names = list(accepted)
    if len(names) > _NAMED:
        names = list(dict.fromkeys(name.partition("::")[0] for name in names))
    if len(names) > _NAMED or "" in names:
        names = [""]
    return [*([how_to_accept(*names)] if names else []), *filter(None, others)]


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """Return what `json.dumps` takes; figures are in the metric's stored unit."""
    fields = asdict(finding)
    statistics = fields.pop("statistics") or asdict(Statistics())
    figures = {name: _finite(fields[name]) for name in ("baseline", "now")}
    return {**fields, **figures, **statistics}


def _finite(value: float | None) -> float | None:
    """JSON has no word for what is no number; the finding's text has."""
    return value if value is not None and isfinite(value) else None
