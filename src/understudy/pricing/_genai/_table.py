"""The price table of genai-prices, with its silent guesses turned into reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from genai_prices import __version__

from .._price import priced, unpriced
from .._sellers import seller_of
from ._conditions import context_of, factor_of, unlisted_condition
from ._listing import Listing, find_listing, find_maker, nearest_models
from ._tariff import Tariff, free_tariff, tariff_of

if TYPE_CHECKING:
    from .._price import Price
    from .._purchase import Purchase, Quantities
    from .._sellers import Seller

_TABLE: Final = f"genai-prices/{__version__}"
#: Where audio never costs what text costs: a listing without an audio price has a gap.
_AUDIO_APART: Final = frozenset({"azure", "openai"})


class GenaiPrices:
    """Prices of genai-prices' data; keeps what it looked up."""

    def __init__(self) -> None:
        self._listings: dict[tuple[Seller, tuple[str, ...]], Listing | str] = {}
        self._tariffs: dict[tuple[object, ...], Tariff | str] = {}

    def quote(self, purchase: Purchase) -> Price:
        """Price a purchase at list price, or say why there is none."""
        seller = self._seller(purchase)
        if seller is None:
            provider = purchase.provider
            return unpriced(f"no price list for {provider}" if provider else "on no price list")
        tariff = self._tariff(seller, purchase)
        if isinstance(tariff, str):
            return unpriced(tariff)
        return self._charge(tariff, purchase.quantities)

    def nearest(self, purchase: Purchase) -> list[str]:
        """Return the listed models whose names are nearest to the purchase's, best first."""
        seller = self._seller(purchase)
        return nearest_models(seller.name if seller else None, purchase.models[-1])

    def _seller(self, purchase: Purchase) -> Seller | None:
        if purchase.provider is None and purchase.wire_api is None:
            return find_maker(purchase.models)
        return seller_of(purchase.provider, purchase.wire_api)

    def _tariff(self, seller: Seller, purchase: Purchase) -> Tariff | str:
        listing = self._listing(seller, purchase.models)
        if isinstance(listing, str):
            return listing
        minute = purchase.at.replace(second=0, microsecond=0) if listing.dated else None
        key = (seller, purchase.models, purchase.terms, minute)
        if key not in self._tariffs:
            self._tariffs[key] = _resolve(listing, purchase)
        return self._tariffs[key]

    def _listing(self, seller: Seller, models: tuple[str, ...]) -> Listing | str:
        key = (seller, models)
        if key not in self._listings:
            self._listings[key] = find_listing(seller, models)
        return self._listings[key]

    def _charge(self, tariff: Tariff, quantities: Quantities) -> Price:
        missing = tariff.missing(quantities)
        if missing:
            return unpriced(f"no price for {missing} on its list")
        try:
            return priced(tariff.usd(quantities), _TABLE)
        except ValueError:
            return unpriced("its token counts contradict each other")


def _resolve(listing: Listing, purchase: Purchase) -> Tariff | str:
    context = context_of(purchase.terms)
    unlisted = unlisted_condition(listing, context, purchase.at)
    if unlisted:
        return f"no {unlisted} price on its list"
    factor = factor_of(purchase.terms)
    if factor is None:
        return f"no price for inference in {purchase.terms.geography!r}"
    prices = listing.model.get_prices(purchase.at, context)
    if prices.requests_kcount is not None:
        return "its fee for each request depends on what was searched"
    if listing.model.id.endswith(":free"):
        return free_tariff(prices)
    audio_apart = listing.seller in _AUDIO_APART
    return tariff_of(prices, factor=factor, audio_apart=audio_apart)
