"""The price book that a run uses: what the provider reports, the user's prices, the list."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ._billed_call import BilledCall, Quantities, contradiction_in
from ._price import Price, PriceBook, PriceTable, as_billed, unpriced

if TYPE_CHECKING:
    from ._genai import GenaiPrices


class ListedPrices:
    """The price list behind the user's prices; a run without a call never loads it."""

    def quote(self, billed: BilledCall) -> Price:
        """Price a billed call at list price, or say why there is none."""
        return self._table.quote(billed)

    def nearest(self, billed: BilledCall) -> list[str]:
        """Return the listed models whose names are nearest to the call's, best first."""
        return self._table.nearest(billed)

    @cached_property
    def _table(self) -> GenaiPrices:
        from ._genai import GenaiPrices  # noqa: PLC0415 - takes 100 ms

        return GenaiPrices()


def load_price_list() -> None:
    """Import the price list now: on an event loop it would hold up the application's tasks."""
    ListedPrices()._table  # noqa: B018, SLF001 - it is imported when it is asked for


class LayeredPrices:
    """Asks its tables in turn: the first that knows the model answers.

    What the provider itself reports goes before them all, and needs no usage.
    """

    def __init__(self, *tables: PriceTable) -> None:
        self._tables = tables

    def price(self, billed: BilledCall) -> Price:
        """Price a billed call, or say why it has no price."""
        reported = None if billed.reported_usd is None else as_billed(billed.reported_usd)
        if reported is not None:
            return reported
        price = self._quote(billed)
        for part in billed.parts:
            price = _together(price, self._quote(part), part)
        return price

    def _quote(self, billed: BilledCall) -> Price:
        unknown = _unknown(billed.quantities)
        if unknown:
            return unpriced(unknown)
        for table in self._tables:
            quote = table.quote(billed)
            if quote is not None:
                doubt = billed.quantities.doubt
                return unpriced(doubt) if doubt and quote.nanousd else quote
        return unpriced("no price table")


def _together(price: Price, more: Price, part: BilledCall) -> Price:
    if price.nanousd is None or more.nanousd is None:
        reason = price.reason or f"{part.models[0]} did a part of it: {more.reason}"
        return unpriced(reason)
    return replace(price, nanousd=price.nanousd + more.nanousd)


def price_book(*overrides: PriceTable) -> PriceBook:
    """Make a book of the given tables, the first one foremost, with genai-prices behind them."""
    return LayeredPrices(*overrides, ListedPrices())


def _unknown(quantities: Quantities) -> str | None:
    tokens = quantities.tokens
    if tokens.input_tokens is None:
        fee = next(iter(quantities.other_fees), None)
        return f"no price for {fee} on its list" if fee else "no usage in the answer"
    if tokens.output_tokens is None and quantities.expects_output:
        return "its output tokens are unknown"
    return contradiction_in(tokens)
