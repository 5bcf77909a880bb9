"""The gate's section in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._layout import Line, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...gates import Finding, Judgement

GATE_TITLE: Final = "LLM gate"

_VERBOSE: Final = 1
#: How many tests to name where many have the same to say.
_NAMED: Final = 3


def render_judgement(
    judgement: Judgement, *, width: int, verbosity: int = 0, strict: bool = False
) -> list[Line]:
    """Write the section: counts, verdicts the worst first, what was not judged.

    What several tests have in common is said once, unless the verbosity is 1. Below 0
    nothing is said where all passed. How to accept a failure stands with the failure.
    """
    if verbosity < 0 and not judgement.findings:
        return []
    lines = [Line(f"figures  {judgement.tally}")]
    failing = judgement.failing(strict=strict)
    lines += [Line(text, {"red": True}) for text in _failures(failing, width)]
    others = [finding for finding in judgement.findings if finding not in failing]
    for group in _alike(others, apart=verbosity >= _VERBOSE):
        markup = {"yellow": True} if group[0].verdict.colour == "yellow" else {}
        lines += [Line(text, markup) for text in _group_lines(group, width)]
    for note in judgement.notes:
        lines += [Line(text) for text in wrap(f"note     {note}", width, indent=9)]
    return lines


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
