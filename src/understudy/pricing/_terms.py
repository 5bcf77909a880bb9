"""The service tier and other conditions, in the words of each provider."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ._purchase import STANDARD, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Words for a tier, lower case, where they are not the price list's own. `1` is Vertex's
#: ON_DEMAND in an answer whose enums are numbers.
_TIERS: Final = MappingProxyType(
    {
        "": STANDARD,
        "1": STANDARD,
        "auto": STANDARD,
        "default": STANDARD,
        "on_demand": STANDARD,
        "standard_only": STANDARD,
        "traffic_type_unspecified": STANDARD,
        "on_demand_flex": "flex",
        "on_demand_priority": "priority",
    }
)
_TIER_KEYS: Final = ("service_tier", "serviceTier", "trafficType")
#: Anthropic: `global` is the list price, older models do not have the choice.
_LIST_GEOGRAPHIES: Final = frozenset({"", "global", "not_available"})


def terms_of(service_tier: str | None, usage_raw: Mapping[str, object]) -> Terms:
    """Read the conditions of a call from its event's tier and the raw usage block."""
    named = (_word(usage_raw[key]) for key in _TIER_KEYS if key in usage_raw)
    speed = _word(usage_raw.get("speed"))
    geography = _word(usage_raw.get("inference_geo"))
    return Terms(
        service_tier=_tier(service_tier or next(named, "")),
        speed=speed if speed == "fast" else None,
        geography=geography if geography not in _LIST_GEOGRAPHIES else None,
    )


def _tier(word: str) -> str:
    lowered = word.strip().lower()
    return _TIERS.get(lowered, lowered)


def _word(value: object) -> str:
    """Return a word, or the `type` of Bedrock's `{"type": "flex"}`."""
    if isinstance(value, dict):
        value = value.get("type")
    return str(value).lower() if isinstance(value, str | int) else ""
