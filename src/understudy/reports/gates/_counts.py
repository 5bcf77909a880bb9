"""How many figures have which verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...gates import Verdict

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
