"""Terms of a call in the words of genai-prices' price variants."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .._purchase import STANDARD

if TYPE_CHECKING:
    from datetime import datetime

    from .._purchase import Terms
    from ._listing import Listing

#: Anthropic charges 1.1 times the list price for inference that stays in the US:
#: https://platform.claude.com/docs/en/manage-claude/data-residency
_GEOGRAPHIES: Final = MappingProxyType({"us": Decimal("1.1")})


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


def factor_of(terms: Terms) -> Decimal | None:
    """Return what the place of inference multiplies the price by; None where unknown."""
    return Decimal(1) if terms.geography is None else _GEOGRAPHIES.get(terms.geography)
