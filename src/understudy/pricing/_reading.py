"""What an attempt bought, read from its event."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from math import isfinite
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from ..calls import Operation, Usage
from ._billed_call import STANDARD, BilledCall, Quantities, Terms
from ._model_names import model_names
from ._price_lists import reports_cost

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ..events import CallEvent


def is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether a value is a finite number, which `true` and `NaN` are not."""
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


#: Words for a tier, lower case, where they are not the price list's own. `1` is Vertex's
#: ON_DEMAND in an answer whose enums are numbers.
_STANDARD_WORDS: Final = (
    "", "1", "auto", "default", "on_demand", "standard_only", "traffic_type_unspecified",
)  # fmt: skip
_TIERS: Final = MappingProxyType(
    dict.fromkeys(_STANDARD_WORDS, STANDARD)
    | {"on_demand_flex": "flex", "on_demand_priority": "priority"}
)
_TIER_KEYS: Final = ("service_tier", "serviceTier", "trafficType")
#: Anthropic: `global` is the list price, older models do not have the choice.
_LIST_GEOGRAPHIES: Final = frozenset({"", "global", "not_available"})


def terms_of(service_tier: str | None, usage_raw: Mapping[str, object]) -> Terms:
    """Read the conditions of a call from its event's tier and the raw usage block."""
    named = (_word(usage_raw[key]) for key in _TIER_KEYS if key in usage_raw)
    tier = (service_tier or next(named, "")).strip().lower()
    speed = _word(usage_raw.get("speed"))
    geography = _word(usage_raw.get("inference_geo"))
    return Terms(
        service_tier=_TIERS.get(tier, tier),
        speed=speed if speed == "fast" else None,
        geography=geography if geography not in _LIST_GEOGRAPHIES else None,
    )


def _word(value: object) -> str:
    """Return a word, or the `type` of Bedrock's `{"type": "flex"}`."""
    if isinstance(value, dict):
        value = value.get("type")
    return str(value).lower() if isinstance(value, str | int) else ""


#: OpenAI's details: block, field, unit.
_DETAILS: Final = (
    ("prompt_tokens_details", "audio_tokens", "input_audio_tokens"),
    ("input_tokens_details", "audio_tokens", "input_audio_tokens"),
    ("completion_tokens_details", "audio_tokens", "output_audio_tokens"),
    ("output_tokens_details", "audio_tokens", "output_audio_tokens"),
)
#: Gemini's lists of modalities: list, prefix and suffix of the unit.
_LISTS: Final = (
    ("promptTokensDetails", "input_{}_tokens"),
    ("toolUsePromptTokensDetails", "input_{}_tokens"),
    ("candidatesTokensDetails", "output_{}_tokens"),
    ("cacheTokensDetails", "cache_{}_read_tokens"),
)
_MODALITIES: Final = MappingProxyType(
    {"AUDIO": "audio", "IMAGE": "image", "DOCUMENT": "image", "VIDEO": "video"}
)
#: The counts of an event, which are named as in `Usage`.
_COUNTS: Final = attrgetter(*(field.name for field in fields(Usage)))


def quantities_of(event: CallEvent) -> Quantities:
    """Read what a call is billed for from its counts and its raw usage block."""
    raw: Mapping[str, Any] = event.usage_raw or {}
    return Quantities(
        tokens=_billed_units(raw) or Usage(*_COUNTS(event)),
        modalities=_modalities(raw),
        web_searches=_count(_mapping(raw.get("server_tool_use")).get("web_search_requests")),
        expects_output=event.operation is not Operation.EMBEDDINGS,
    )


def _billed_units(raw: Mapping[str, Any]) -> Usage | None:
    """Return Cohere's `billed_units`: they set the cost, its `tokens` do not."""
    billed = _mapping(raw.get("billed_units") or _mapping(raw.get("meta")).get("billed_units"))
    if not is_number(billed.get("input_tokens")):
        return None
    return Usage(
        input_tokens=_count(billed.get("input_tokens")),
        output_tokens=_count(billed.get("output_tokens")),
    )


def _modalities(raw: Mapping[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for unit, count in (*_openai_modalities(raw), *_gemini_modalities(raw)):
        counts[unit] = counts.get(unit, 0) + count
    return {unit: count for unit, count in counts.items() if count}


def _openai_modalities(raw: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for block, field, unit in _DETAILS:
        if block in raw:
            yield unit, _count(_mapping(raw[block]).get(field))


def _gemini_modalities(raw: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name, unit in _LISTS:
        entries = raw.get(name)
        for entry in map(_mapping, entries if isinstance(entries, list) else ()):
            modality = _MODALITIES.get(str(entry.get("modality")))
            if modality:
                yield unit.format(modality), _count(entry.get("tokenCount"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return max(0, int(value)) if is_number(value) else 0


def billed_call_of(event: CallEvent, *, at: datetime | None = None) -> BilledCall:
    """Read what an attempt bought; `at` prices it as if it had been made then."""
    return BilledCall(
        models=model_names(event.provider, event.request_model, event.response_model),
        provider=event.provider,
        wire_api=event.wire_api,
        quantities=quantities_of(event),
        terms=terms_of(event.service_tier, event.usage_raw or {}),
        at=at or event.ts,
        reported_usd=_reported_usd(event),
    )


def _reported_usd(event: CallEvent) -> Decimal | None:
    """Return what the provider billed by its own word; None where that is no bill.

    It counts where the field is known to be a bill in USD: at the providers that say so, and
    in a block that is OpenRouter's by its `is_byok`, whatever host it came through.
    """
    raw, reported = event.usage_raw or {}, event.reported_cost_usd
    if reported is None or not (reports_cost(event.provider) or "is_byok" in raw):
        return None
    if raw.get("is_byok") is True:
        return _with_own_key(reported, _mapping(raw.get("cost_details")))
    return None if reported == 0 and _tells_costs(raw) else Decimal(str(reported))


def _with_own_key(fee: float, details: Mapping[str, object]) -> Decimal | None:
    """Add the upstream bill: with the caller's own key OpenRouter reports only its fee."""
    upstream = details.get("upstream_inference_cost")
    if not is_number(upstream) or upstream < 0:
        return None
    return Decimal(str(fee)) + Decimal(str(upstream))


def _tells_costs(block: Mapping[str, Any]) -> bool:
    """Tell whether a block names any cost above 0: the upstream's, a part's, the market's."""
    return any(
        _tells_costs(value) if isinstance(value, dict) else is_number(value) and value > 0
        for name, value in block.items()
        if "cost" in name
    )
