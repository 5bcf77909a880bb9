"""List prices, loaded when the first one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._genai import GenaiPrices
    from ._price import Price
    from ._purchase import Purchase


class ListedPrices:
    """The price list behind the user's prices; a run without a call never loads it."""

    def __init__(self) -> None:
        self._loaded: GenaiPrices | None = None

    def quote(self, purchase: Purchase) -> Price:
        """Price a purchase at list price, or say why there is none."""
        return self._table().quote(purchase)

    def nearest(self, purchase: Purchase) -> list[str]:
        """Return the listed models whose names are nearest to the purchase's, best first."""
        return self._table().nearest(purchase)

    def _table(self) -> GenaiPrices:
        if self._loaded is None:
            from ._genai import GenaiPrices  # noqa: PLC0415 - takes 100 ms

            self._loaded = GenaiPrices()
        return self._loaded
