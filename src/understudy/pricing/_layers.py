"""The price book that a run uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._listed import ListedPrices
from ._price import Price, unpriced
from ._purchase import contradiction_in
from ._reported import ReportedCosts

if TYPE_CHECKING:
    from ._protocol import PriceBook, PriceTable
    from ._purchase import Purchase, Quantities


class LayeredPrices:
    """Asks its tables in turn: the first that knows the model answers.

    What the provider itself reports goes before them all, and needs no usage.
    """

    def __init__(self, *tables: PriceTable) -> None:
        self._reported = ReportedCosts()
        self._tables = tables

    def price(self, purchase: Purchase) -> Price:
        """Price a purchase, or say why it has no price."""
        reported = self._reported.quote(purchase)
        if reported is not None:
            return reported
        unknown = _unknown(purchase.quantities)
        if unknown:
            return unpriced(unknown)
        for table in self._tables:
            quote = table.quote(purchase)
            if quote is not None:
                return quote
        return unpriced("no price table")


def price_book(*overrides: PriceTable) -> PriceBook:
    """Make a book of the given tables, the first one foremost, with genai-prices behind them."""
    return LayeredPrices(*overrides, ListedPrices())


def _unknown(quantities: Quantities) -> str | None:
    tokens = quantities.tokens
    if tokens.input_tokens is None:
        return "no usage in the answer"
    if tokens.output_tokens is None and quantities.expects_output:
        return "its output tokens are unknown"
    return contradiction_in(tokens)
