"""Prices that the user or a plugin gives."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from ..errors import RegistrationError
from ._price import priced, unpriced
from ._rates import Rate, Rates

if TYPE_CHECKING:
    from ._price import Price
    from ._purchase import Purchase

Dollars = float | str | Decimal


class Prices:
    """A table that is filled by name; it holds for every provider, tier and time.

    `table` is the provenance that its prices carry.
    """

    def __init__(self, table: str = "tool.understudy.prices") -> None:
        self.table = table
        self._rates: dict[str, Rates] = {}

    def register(
        self,
        model: str,
        *,
        input: Dollars,  # noqa: A002 - the events' and the settings' word
        output: Dollars | None = None,
        cache_read: Dollars | None = None,
        cache_write: Dollars | None = None,
        cache_write_1h: Dollars | None = None,
    ) -> None:
        """Set the prices of a model in USD per million tokens; the last call for a name wins.

        Cached tokens without a price of their own cost what input costs.

        Raises:
            RegistrationError: the name is empty, or a price is not a number of at least 0.
        """
        if not model:
            msg = f"a price in {self.table} names no model"
            raise RegistrationError(msg)
        self._rates[model] = Rates(
            input=self._rate(model, input),
            output=self._rate(model, output),
            cache_read=self._rate(model, cache_read),
            cache_write=self._rate(model, cache_write),
            cache_write_1h=self._rate(model, cache_write_1h),
        )

    def quote(self, purchase: Purchase) -> Price | None:
        """Price a purchase of a registered model; pass on any other."""
        rates = next((self._rates[name] for name in purchase.models if name in self._rates), None)
        if rates is None:
            return None
        tokens = purchase.quantities.tokens
        missing = rates.missing(tokens)
        if missing:
            return unpriced(f"no price for {missing} tokens in {self.table}")
        return priced(rates.tokens_usd(tokens), self.table)

    def _rate(self, model: str, price: Dollars | None) -> Rate | None:
        if price is None:
            return None
        try:
            amount = Decimal(str(price))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            msg = f"{model!r} in {self.table} costs {price!r}: give USD per million tokens"
            raise RegistrationError(msg)
        return Rate(amount)
