"""What programs read of a judgement: JSON, and workflow commands of GitHub Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...errors import printable, printable_lines
from ...gates import Judgement, RanTest, finding_as_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def judgement_as_json(judgement: Judgement, *, strict: bool = False) -> dict[str, Any]:
    """Return what `json.dumps` takes: counts, all findings the worst first, what passed."""
    return {
        "failed": bool(judgement.failing(strict=strict)),
        "compared": judgement.compared,
        "counts": {str(verdict): number for verdict, number in judgement.counts.items()},
        "verdicts": [finding_as_json(finding) for finding in judgement.findings],
        "passed": {subject: list(metrics) for subject, metrics in judgement.passed.items()},
        "notes": list(judgement.notes),
    }


#: GitHub shows ten of each kind for a step.
_SHOWN: Final = 10
_DATA: Final = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY: Final = (*_DATA, (":", "%3A"), (",", "%2C"))


def workflow_commands(
    judgement: Judgement, tests: Mapping[str, RanTest], *, strict: bool = False
) -> Iterator[str]:
    """Yield `::error …` for what fails the run, `::warning …` for what is yellow."""
    shown = {"error": 0, "warning": 0}
    for finding in judgement.findings:
        level = "error" if finding.verdict.fails(strict=strict) else "warning"
        if finding.verdict.colour == "green" or shown[level] == _SHOWN:
            continue
        shown[level] += 1
        test = tests.get(finding.subject)
        place = _place(test) if test is not None else {}
        title = printable(f"LLM gate {finding.verdict}: {finding.subject}")
        properties = ",".join(
            f"{name}={_coded(str(value), _PROPERTY)}"
            for name, value in {**place, "title": title}.items()
        )
        text = "\n".join(filter(None, (finding.text, finding.advice)))
        yield f"::{level} {properties}::{_coded(text, _DATA)}"


def _place(test: RanTest) -> dict[str, object]:
    place: dict[str, object] = {"file": test.path or test.module}
    return place if test.line is None else {**place, "line": test.line}


def _coded(text: str, codes: tuple[tuple[str, str], ...]) -> str:
    text = printable_lines(text)
    for plain, code in codes:
        text = text.replace(plain, code)
    return text
