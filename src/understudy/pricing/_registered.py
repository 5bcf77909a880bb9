"""Prices that the user or a plugin gives: registered, or in `[tool.understudy.prices]`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import RegistrationError, SettingsError, UnknownNameError
from ._price import Price, priced, unpriced
from ._rates import Rate, Rates

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from ._billed_call import BilledCall

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

    def quote(self, billed: BilledCall) -> Price | None:
        """Price a billed call of a registered model; pass on any other."""
        rates = next((self._rates[name] for name in billed.models if name in self._rates), None)
        if rates is None:
            return None
        tokens = billed.quantities.tokens
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


_TABLE = "tool.understudy.prices"
_UNKNOWN = "extra_forbidden"
_Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Entry(BaseModel):
    """The prices of one model, in USD per million tokens."""

    model_config = ConfigDict(extra="forbid", strict=True)

    input: _Dollars
    output: _Dollars | None = None
    cache_read: _Dollars | None = None
    cache_write: _Dollars | None = None
    cache_write_1h: _Dollars | None = None


def read_prices(table: object, *, where: str) -> Prices:
    """Read the user's prices, by model; `where` names the file.

    Raises:
        SettingsError: an entry is not a table of prices; names file, model and key.
    """
    if not isinstance(table, Mapping):
        msg = f"{where}: [{_TABLE}] is {table!r}; write a table of models."
        raise SettingsError(msg)
    prices = Prices(_TABLE)
    for model, entry in table.items():
        if not model:
            msg = f"{where}: [{_TABLE}] has an entry without the name of a model."
            raise SettingsError(msg)
        place = f"{where}, [{_TABLE}] {model!r}"
        prices.register(model, **_read_entry(entry, place).model_dump())
    return prices


def _read_entry(entry: object, place: str) -> _Entry:
    try:
        return _Entry.model_validate(entry)
    except ValidationError as error:
        # A key that is misspelt explains the one that is missing.
        details = sorted(error.errors(), key=lambda detail: detail["type"] != _UNKNOWN)
        raise _in_one_line(details[0], place) from None


def _in_one_line(detail: ErrorDetails, place: str) -> SettingsError:
    key = ".".join(map(str, detail["loc"]))
    if detail["type"] == _UNKNOWN:
        return UnknownNameError("key", key, _Entry.model_fields, where=place)
    if not key:
        return SettingsError(f"{place}: write a table, as in {{input = 2.5, output = 10}}.")
    if detail["type"] == "missing":
        return SettingsError(f"{place}: {key!r} is missing; give USD per million tokens.")
    return SettingsError(
        f"{place}: {key} = {detail['input']!r} is no price; give USD per million tokens."
    )
