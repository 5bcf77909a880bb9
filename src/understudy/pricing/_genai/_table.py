"""The price table of genai-prices, with its silent guesses turned into reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from genai_prices import __version__

from .._billed_call import STANDARD, BilledCall, Quantities, Terms
from .._price import Price, priced, unpriced
from .._price_lists import PriceList, price_list_of
from ._listing import Listing, find_listing, find_maker, nearest_models
from ._places import factor_of, is_listed_for_another_place
from ._tariff import Tariff, free_tariff, tariff_of

if TYPE_CHECKING:
    from datetime import datetime


def context_of(terms: Terms) -> dict[str, str]:
    """Return the `price_context` of the terms; empty where the list price applies."""
    context = {}
    if terms.service_tier == "batch":
        context["processing"] = "batch"
    elif terms.service_tier != STANDARD:
        context["service_tier"] = terms.service_tier
    if terms.speed:
        context["speed"] = terms.speed
    return context


def unlisted_condition(listing: Listing, context: dict[str, str], at: datetime) -> str | None:
    """Name a condition without a price of its own: genai-prices would take the list price."""
    if not context:
        return None
    variants = (listing.model.price_variants or ()) if listing.own else ()
    active = [v.when for v in variants if v.constraint is None or v.constraint.active(at)]
    unlisted = (
        value
        for key, value in context.items()
        if not any(when.get(key) == value for when in active)
    )
    return next(unlisted, None)


_TABLE: Final = f"genai-prices/{__version__}"
#: Where audio never costs what text costs: a listing without an audio price has a gap.
_AUDIO_APART: Final = frozenset({"azure", "mistral", "openai"})


class GenaiPrices:
    """Prices of genai-prices' data; keeps what it looked up."""

    def __init__(self) -> None:
        self._listings: dict[tuple[PriceList, tuple[str, ...]], Listing | str] = {}
        self._tariffs: dict[tuple[object, ...], Tariff | str] = {}

    def quote(self, billed: BilledCall) -> Price:
        """Price a billed call at list price, or say why there is none."""
        price_list = self._price_list(billed)
        if price_list is None:
            provider = billed.provider
            return unpriced(f"no price list for {provider}" if provider else "on no price list")
        tariff = self._tariff(price_list, billed)
        if isinstance(tariff, str):
            return unpriced(tariff)
        return self._charge(tariff, billed.quantities)

    def nearest(self, billed: BilledCall) -> list[str]:
        """Return the listed models whose names are nearest to the call's, best first."""
        price_list = self._price_list(billed)
        return nearest_models(price_list.name if price_list else None, billed.models[-1])

    def _price_list(self, billed: BilledCall) -> PriceList | None:
        if billed.provider is None and billed.wire_api is None:
            return find_maker(billed.models)
        return price_list_of(billed.provider, billed.wire_api)

    def _tariff(self, price_list: PriceList, billed: BilledCall) -> Tariff | str:
        listing = self._listing(price_list, billed.models)
        if isinstance(listing, str):
            return listing
        minute = billed.at.replace(second=0, microsecond=0) if listing.dated else None
        key = (price_list, billed.provider, billed.models, billed.terms, minute)
        if key not in self._tariffs:
            self._tariffs[key] = _resolve(listing, billed)
        return self._tariffs[key]

    def _listing(self, price_list: PriceList, models: tuple[str, ...]) -> Listing | str:
        key = (price_list, models)
        if key not in self._listings:
            self._listings[key] = find_listing(price_list, models)
        return self._listings[key]

    def _charge(self, tariff: Tariff, quantities: Quantities) -> Price:
        missing = tariff.missing(quantities)
        if missing:
            return unpriced(f"no price for {missing} on its list")
        try:
            return priced(tariff.usd(quantities), _TABLE)
        except ValueError:
            return unpriced("its token counts contradict each other")


def _resolve(listing: Listing, billed: BilledCall) -> Tariff | str:
    context = context_of(billed.terms)
    unlisted = unlisted_condition(listing, context, billed.at)
    if unlisted:
        return f"no {unlisted} price on its list"
    if is_listed_for_another_place(listing, billed):
        return f"it costs more at {billed.provider} than on the list of {listing.price_list}"
    factor = factor_of(listing, billed)
    if factor is None:
        return f"no price for inference in {billed.terms.geography!r}"
    prices = listing.model.get_prices(billed.at, context)
    if prices.requests_kcount is not None or _always_searches(listing, billed.models[0]):
        return "its fee for each request depends on what was searched"
    if listing.model.id.endswith(":free"):
        return free_tariff(prices)
    audio_apart = listing.price_list in _AUDIO_APART
    return tariff_of(prices, factor=factor, audio_apart=audio_apart)


def _always_searches(listing: Listing, name: str) -> bool:
    """Tell whether each call of a model searches the web, at a fee by how much it reads."""
    return listing.price_list in {"azure", "openai"} and "-search-" in name
