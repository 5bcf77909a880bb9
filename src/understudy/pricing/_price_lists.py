"""Whose price list a call is on."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..providers import PROVIDERS

#: genai-prices' names of providers, by our names for them and by its own.
_LISTS: Final = MappingProxyType(
    {
        name: each.price_list
        for each in PROVIDERS
        if each.price_list is not None
        for name in (each.name, each.price_list)
    }
)
#: Servers of open weights on one's own machine.
_FREE: Final = frozenset(each.name for each in PROVIDERS if each.is_free)
#: Those whose usage blocks say what they billed.
_REPORTING: Final = frozenset(each.name for each in PROVIDERS if each.reports_cost)
#: Whose own API it is, by the first word of the wire API.
_OWNERS: Final = MappingProxyType(
    {
        api.wire_api.partition(".")[0]: each.price_list
        for each in PROVIDERS
        if each.price_list is not None
        for api in each.apis
    }
)
#: Names on these lists that anybody may serve.
_OPEN_WEIGHTS: Final = ("aya-", "gemma", "gpt-oss")


@dataclass(frozen=True, slots=True)
class PriceList:
    """A price list, by genai-prices' name of the provider.

    `by_name` is True where the host is unknown and only the model's name says whose it is.
    """

    name: str
    by_name: bool = False

    def covers(self, model: str) -> bool:
        """Tell whether the name is enough to take the model for one on the list."""
        return not (self.by_name and any(word in model.lower() for word in _OPEN_WEIGHTS))


def price_list_of(provider: str | None, wire_api: str | None) -> PriceList | None:
    """Return the price list of a provider, or of the wire API's owner on an unknown host."""
    if provider in _FREE:
        return None
    if provider and has_price_list(provider):
        return PriceList(_LISTS[provider])
    owner = _OWNERS.get((wire_api or "").partition(".")[0])
    return PriceList(owner, by_name=True) if owner else None


def has_price_list(provider: str) -> bool:
    """Tell whether a provider has a price list."""
    return provider in _LISTS


def reports_cost(provider: str | None) -> bool:
    """Tell whether a provider's usage blocks say what it billed."""
    return provider in _REPORTING
