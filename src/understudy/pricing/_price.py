"""What a call costs, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from ._billed_call import BilledCall

_NANO = 9
#: USD that no single call costs; the sum of a store's calls must fit 64 bits of 1e-9 USD.
_DEAREST = Decimal(10**6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A cost in 1e-9 USD with where it comes from, or None and the reason.

    `table` names the price table, as in `genai-prices/0.2.3`; it is None for a cost that
    the provider reported and where there is no price.
    """

    nanousd: int | None
    source: Literal["provider", "price_table", "none"]
    table: str | None = None
    reason: str | None = None

    @property
    def usd(self) -> Decimal | None:
        """The cost in USD, exact to 9 decimals."""
        return None if self.nanousd is None else Decimal(self.nanousd).scaleb(-_NANO)


def priced(usd: Decimal, table: str) -> Price:
    """Make the price that `table` gives, rounded half to even."""
    if usd > _DEAREST:
        return unpriced("its figures cannot be those of one call")
    return Price(nanousd=to_nanousd(usd), source="price_table", table=table)


def as_billed(usd: Decimal) -> Price | None:
    """Make the price that the provider reported; None for what no call costs."""
    return None if usd > _DEAREST else Price(nanousd=to_nanousd(usd), source="provider")


def unpriced(reason: str) -> Price:
    """Make the answer for a call whose cost is unknown."""
    return Price(nanousd=None, source="none", reason=reason)


def to_nanousd(usd: Decimal) -> int:
    """Round USD to whole 1e-9 USD, half to even."""
    return int(usd.scaleb(_NANO).to_integral_value(rounding=ROUND_HALF_EVEN))


class PriceBook(Protocol):
    """Says what a billed call costs, or why it has no price."""

    def price(self, billed: BilledCall) -> Price:
        """Price one billed call; never raises for an unknown one."""


class PriceTable(Protocol):
    """One source of prices inside a book."""

    def quote(self, billed: BilledCall) -> Price | None:
        """Price a billed call, say why it has no price, or return None: ask the next table."""
