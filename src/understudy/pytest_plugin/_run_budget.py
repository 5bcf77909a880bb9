"""`--llm-budget`: what the live calls of a run may cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..calls import Origin
from ..pricing import is_unpriced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..events import CallEvent


def run_budget_breach(calls: Iterable[CallEvent], budget: Decimal | None) -> str | None:
    """Say how the calls that cost money exceed `budget` in USD; None where they do not.

    Mocked and replayed calls cost nothing. A live call without a price is a breach: the
    budget cannot be judged.
    """
    if budget is None:
        return None
    spent = [call for call in calls if call.origin in {Origin.LIVE, Origin.RECORDED}]
    cost = Decimal(sum(call.cost_nanousd or 0 for call in spent)) / 1_000_000_000
    if cost > budget:
        return f"the run's live calls cost ${cost:f}, ${budget:f} allowed"
    unpriced = sorted({call.model or "unknown" for call in spent if is_unpriced(call)})
    if unpriced:
        return (
            f"no price for {', '.join(unpriced)}, so the budget of ${budget:f} cannot be judged"
            " (price it in [tool.understudy.prices])"
        )
    return None
