"""The judgement as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...gates import finding_as_json
from ._counts import counts

if TYPE_CHECKING:
    from ...gates import Judgement


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
