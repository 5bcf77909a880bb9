"""Costs that the provider itself reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._price import Price, to_nanousd

if TYPE_CHECKING:
    from ._purchase import Purchase


class ReportedCosts:
    """What OpenRouter, xAI, Perplexity say they billed; passes where nothing was said."""

    def quote(self, purchase: Purchase) -> Price | None:
        """Return the reported cost, if there is one."""
        if purchase.reported_usd is None:
            return None
        return Price(nanousd=to_nanousd(purchase.reported_usd), source="provider")
