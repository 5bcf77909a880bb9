"""Finding a model in genai-prices' lists."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from genai_prices.data_snapshot import get_snapshot

from .._model_names import akin
from .._price_lists import PriceList

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genai_prices.types import ModelInfo

#: Aliases that moved to a model of another price while the list stood still.
_STALE: Final = frozenset(
    {
        ("deepseek", "deepseek-chat"),
        ("deepseek", "deepseek-reasoner"),
        ("mistral", "mistral-large-latest"),
    }
)
_LATEST: Final = "-latest"
#: Whose models cost elsewhere what they cost at home, where the cloud has no list of its own.
_SAME_ELSEWHERE: Final = frozenset({"anthropic", "openai", "x-ai"})
#: Whose lists to search first for a name that stands alone.
_MAKERS: Final = ("openai", "anthropic", "google", "mistral", "cohere", "deepseek", "x-ai", "aws")


@dataclass(frozen=True, slots=True)
class Listing:
    """A model on the list of a provider.

    `own` is False where another maker's list is used, `dated` True where the price
    depends on when the call was made.
    """

    price_list: str
    model: ModelInfo
    own: bool
    dated: bool


def find_listing(price_list: PriceList, names: Sequence[str]) -> Listing | str:
    """Return the first of `names` on the price list, or say why there is none.

    Names of another model than the first one's are passed over: what answered sets the
    price, not what was asked for.
    """
    reason = "the call names no model"
    for name in (name for name in names if akin(name, names[0])):
        found = _look_up(price_list, name)
        if isinstance(found, Listing):
            return found
        reason = found
    return reason


def find_maker(names: Iterable[str]) -> PriceList | None:
    """Return the maker of a model where nothing but its name is known."""
    makers = filter(None, map(_maker, names))
    return next((PriceList(maker, by_name=True) for maker in makers), None)


def nearest_models(price_list: str | None, model: str) -> list[str]:
    """Return up to three other models whose names are nearest, best first."""
    providers = [p for p in get_snapshot().providers if p.id == price_list or price_list is None]
    names = {listed.id for provider in providers for listed in provider.models} - {model}
    return get_close_matches(model, sorted(names), n=3, cutoff=0.5)


def _maker(name: str) -> str | None:
    listed = next((maker for maker in _MAKERS if _find(maker, name)), None)
    if listed:
        return listed
    try:
        return get_snapshot().find_provider(name.lower(), None, None).id
    except LookupError:
        return None


def _look_up(price_list: PriceList, name: str) -> Listing | str:
    listing = _find(price_list.name, name)
    if (price_list.name, name.lower()) in _STALE or (listing and _is_left_behind(listing, name)):
        return "an alias whose listed price is out of date"
    if listing and not listing.own and not _costs_the_same(listing):
        return f"its price at {price_list.name} is not its maker's, and on no list"
    if price_list.by_name and (listing is None or not listing.own or not price_list.covers(name)):
        return f"its host has no price list and its name is not one of {price_list.name}'s own"
    return listing or f"not on the price list of {price_list.name}"


def _is_left_behind(listing: Listing, name: str) -> bool:
    """Tell whether an alias of the newest model is listed as one that is out of service."""
    model = listing.model
    return name.endswith(_LATEST) and name != model.id and bool(model.deprecated)


def _costs_the_same(listing: Listing) -> bool:
    makers = (maker for maker in get_snapshot().providers if maker.id in _SAME_ELSEWHERE)
    return any(listing.model is each for maker in makers for each in maker.models)


def _find(price_list: str, name: str) -> Listing | None:
    try:
        provider, model = get_snapshot().find_provider_model(name, None, price_list, None)
    except LookupError:
        return None
    own = any(model is listed for listed in provider.models)
    return Listing(provider.id, model, own=own, dated=_is_dated(model))


def _is_dated(model: ModelInfo) -> bool:
    variants = model.price_variants or ()
    return isinstance(model.prices, list) or any(each.constraint is not None for each in variants)
