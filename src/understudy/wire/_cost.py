"""What a provider says that a call cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._counts import money

if TYPE_CHECKING:
    from collections.abc import Mapping

_TICKS_PER_USD = 10**10


def reported_cost(usage: Mapping[str, Any]) -> float | None:
    """Return the billed cost in USD that a usage block holds.

    OpenRouter: `cost`; Perplexity: `cost.total_cost`; xAI: `cost_in_usd_ticks` (1e-10 USD).
    """
    cost = usage.get("cost")
    if cost is not None:
        return money(cost.get("total_cost") if isinstance(cost, dict) else cost)
    ticks = money(usage.get("cost_in_usd_ticks"))
    return None if ticks is None else ticks / _TICKS_PER_USD
