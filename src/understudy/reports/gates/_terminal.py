"""The gate's section in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...errors import counted
from ...gates import Kind, Verdict, what_to_do
from .._layout import Line, wrap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ...gates import Finding, Judgement

GATE_TITLE: Final = "LLM gate"

#: Why a figure may fail without being measured twice.
EXACT: Final = "mocked and replayed calls give the same figures every time: this is no noise"

_VERBOSE: Final = 1
#: A blank at which no line is broken.
_JOINED: Final = "\u00a0"
#: How many tests to name where many have the same to say.
_NAMED: Final = 3


def render_judgement(
    judgement: Judgement,
    *,
    width: int,
    verbosity: int = 0,
    strict: bool = False,
    passed: Collection[str] | None = None,
) -> list[Line]:
    """Write the section: counts, what fails, other verdicts the worst first, what to do.

    Where failures have been told with their tests, `passed` names the tests that would have
    passed, and only the figures are named; None tells all. What several tests have in common is
    said once, unless the verbosity is 1. Below 0 nothing is said where all passed.
    """
    if verbosity < 0 and not judgement.findings:
        return []
    lines = [Line(f"figures  {judgement.tally}")]
    failing = judgement.failing(strict=strict)
    texts = _failures(failing, width) if passed is None else _headlines(failing, passed, width)
    lines += [Line(text, {"red": True}) for text in texts]
    others = [finding for finding in judgement.findings if finding not in failing]
    for group in _alike(others, apart=verbosity >= _VERBOSE):
        markup = {"yellow": True} if group[0].verdict.colour == "yellow" else {}
        lines += [Line(text, markup) for text in _group_lines(group, width)]
    for note in judgement.notes:
        lines += [Line(text) for text in wrap(f"note     {note}", width, indent=9)]
    return [*lines, *map(Line, _ends(failing, width))]


def _headlines(failing: Sequence[Finding], passed: Collection[str], width: int) -> Iterator[str]:
    """Yield how many figures of which tests fail, then their names by file."""
    by_subject: dict[str, list[str]] = {}
    for finding in failing:
        by_subject.setdefault(finding.subject, []).append(finding.headline)
    if by_subject:
        who = _who(list(by_subject), passed)
        yield from wrap(f"gate     {counted(len(failing), 'figure')} of {who}", width, indent=9)
    heading = ""
    for subject, figures in by_subject.items():
        file, _, name = subject.partition("::") if "::" in subject else ("", "", subject)
        if file and file != heading:
            yield file
        heading = file
        text = f"{name}  {', '.join(each.replace(' ', _JOINED) for each in figures)}"
        lines = _paragraph(text, width) if file else wrap(text, width)
        yield from (line.replace(_JOINED, " ") for line in lines)


def _who(subjects: Sequence[str], passed: Collection[str]) -> str:
    """Count tests and name what else was judged; say which the gate alone turned red."""
    tests = [each for each in subjects if "::" in each]
    others = [each for each in subjects if "::" not in each]
    who = " and ".join([*([counted(len(tests), "test")] if tests else []), *others])
    had = sum(each in passed for each in tests)
    if had == len(subjects):
        return f"{who}, which passed before it"
    return f"{who}; {counted(had, 'test')} passed before it" if had else who


def _ends(failing: Sequence[Finding], width: int) -> Iterator[str]:
    """Yield what holds of all failures, and what to do; a command is not broken into lines."""
    if any(each.verdict is Verdict.FAIL and each.kind is Kind.EXACT for each in failing):
        yield from wrap(EXACT, width)
    for advice in what_to_do(failing):
        yield f"-> {advice}"


def _failures(failing: Iterable[Finding], width: int) -> Iterator[str]:
    """Yield what fails, by test."""
    by_subject: dict[str, list[Finding]] = {}
    for finding in failing:
        by_subject.setdefault(finding.subject, []).append(finding)
    for subject, findings in by_subject.items():
        yield subject
        for finding in findings:
            yield from _paragraph(f"{finding.verdict} {finding.text}", width)


def _alike(findings: Iterable[Finding], *, apart: bool) -> list[list[Finding]]:
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        key = finding if apart else (finding.verdict, finding.metric, finding.reason)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _group_lines(group: list[Finding], width: int) -> Iterator[str]:
    first = group[0]
    if len(group) == 1:
        yield first.subject
        yield from _paragraph(f"{first.verdict} {first.text}", width)
    else:
        names = ", ".join(finding.subject for finding in group[:_NAMED])
        more = f" and {len(group) - _NAMED:,} more" if len(group) > _NAMED else ""
        yield from wrap(f"{names}{more}", width)
        common = ": ".join(filter(None, (first.metric, first.reason)))
        yield from _paragraph(f"{first.verdict} {common}", width)
    if first.advice and first.verdict.colour == "yellow":
        yield from _paragraph(f"-> {first.advice}", width)


def _paragraph(text: str, width: int) -> list[str]:
    return [f"    {line}" for line in wrap(text, width - 4)]
