"""The seams of pricing: one book for the caller, made of tables that may pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ._price import Price
    from ._purchase import Purchase


class PriceBook(Protocol):
    """Says what a purchase costs, or why it has no price."""

    def price(self, purchase: Purchase) -> Price:
        """Price one purchase; never raises for an unknown one."""


class PriceTable(Protocol):
    """One source of prices inside a book."""

    def quote(self, purchase: Purchase) -> Price | None:
        """Price a purchase, say why it has no price, or return None: ask the next table."""
