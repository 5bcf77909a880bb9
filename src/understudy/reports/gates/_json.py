"""The judgement as counts and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...gates import Verdict, finding_as_json

if TYPE_CHECKING:
    from ...gates import Judgement


def counts(judgement: Judgement) -> dict[Verdict, int]:
    """Return the verdicts that were given, in the order of their words' weight."""
    numbers = {verdict: judgement.count(verdict) for verdict in Verdict}
    return {verdict: number for verdict, number in numbers.items() if number}


def counted(judgement: Judgement) -> str:
    """Write them: `120 PASS, 2 FAIL`."""
    found = counts(judgement)
    return ", ".join(f"{number:,} {verdict}" for verdict, number in found.items()) or "nothing"


def judgement_as_json(judgement: Judgement, *, strict: bool = False) -> dict[str, Any]:
    """Return what `json.dumps` takes: counts, all findings the worst first, what passed."""
    return {
        "failed": bool(judgement.failing(strict=strict)),
        "compared": judgement.compared,
        "counts": {str(verdict): number for verdict, number in counts(judgement).items()},
        "verdicts": [finding_as_json(finding) for finding in judgement.findings],
        "passed": {subject: list(metrics) for subject, metrics in judgement.passed.items()},
        "notes": list(judgement.notes),
    }
