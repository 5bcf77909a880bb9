"""What an attempt bought, read from its event."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ._billed_call import STANDARD, BilledCall, Quantities, Terms
from ._model_names import model_names
from ._price_lists import reports_cost
from ._quantities import is_number, quantities_of
from ._usage_parts import Step, doubt_about, steps_beside, top_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ..calls import Usage
    from ..events import CallEvent


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


#: Groq charges for flex what it charges on demand: https://console.groq.com/docs/flex-processing
_TIERS_AT: Final = MappingProxyType({("groq", "flex"): STANDARD})
#: The region in the name of a host: `us-east5-aiplatform.…`, `aiplatform.eu.rep.…` at Google,
#: `eu.api.openai.com`.
_REGION: Final = re.compile(
    r"^(?:([a-z0-9-]+)-aiplatform|aiplatform\.([a-z0-9-]+)\.rep|([a-z0-9.-]+)\.api\.openai)\."
)


def terms_of(
    service_tier: str | None,
    usage_raw: Mapping[str, object],
    *,
    provider: str | None = None,
    host: str | None = None,
) -> Terms:
    """Read the conditions of a call from its event's tier, the raw usage block and the host."""
    named = (_word(usage_raw[key]) for key in _TIER_KEYS if key in usage_raw)
    tier = (service_tier or next(named, "")).strip().lower()
    speed = _word(usage_raw.get("speed"))
    geography = _word(usage_raw.get("inference_geo"))
    return Terms(
        service_tier=_TIERS_AT.get((provider or "", tier)) or _TIERS.get(tier, tier),
        speed=speed if speed == "fast" else None,
        geography=_region(host) if geography in _LIST_GEOGRAPHIES else geography,
    )


def _region(host: str | None) -> str | None:
    found = _REGION.match(host or "")
    return found and next(filter(None, found.groups()))


def _word(value: object) -> str:
    """Return a word, or the `type` of Bedrock's `{"type": "flex"}`."""
    if isinstance(value, dict):
        value = value.get("type")
    return str(value).lower() if isinstance(value, str | int) else ""


def billed_call_of(event: CallEvent, *, at: datetime | None = None) -> BilledCall:
    """Read what an attempt bought; `at` prices it as if it had been made then."""
    raw = event.usage_raw or {}
    billed = BilledCall(
        models=model_names(event.provider, event.request_model, event.response_model),
        provider=event.provider,
        wire_api=event.wire_api,
        quantities=replace(quantities_of(event), doubt=doubt_about(event)),
        terms=terms_of(event.service_tier, raw, provider=event.provider, host=event.host),
        at=at or event.ts,
        reported_usd=_reported_usd(event),
    )
    steps = steps_beside(raw)
    return _with_steps(billed, steps, top_level(raw)) if steps else billed


def _with_steps(billed: BilledCall, steps: Iterable[Step], own: Usage) -> BilledCall:
    """Take what is billed step by step apart: the length of each sets its price."""
    parts = (
        replace(
            billed,
            models=(step.model,) if step.model else billed.models,
            quantities=Quantities(step.tokens),
            reported_usd=None,
        )
        for step in steps
    )
    quantities = replace(billed.quantities, tokens=own)
    return replace(billed, quantities=quantities, parts=tuple(parts))


def _reported_usd(event: CallEvent) -> Decimal | None:
    """Return what the provider billed by its own word; None where that is no bill.

    It counts where the field is known to be a bill in USD: at the providers that say so, and
    in a block that is OpenRouter's by its `is_byok`, whatever host it came through.
    """
    raw, reported = event.usage_raw or {}, event.reported_cost_usd
    if reported is None or not (reports_cost(event.provider) or "is_byok" in raw):
        return None
    billed: Decimal | None = Decimal(str(reported))
    if raw.get("is_byok") is True:
        billed = _with_own_key(reported, raw.get("cost_details"))
    return None if billed == 0 and _tells_costs(raw) else billed


def _with_own_key(fee: float, details: object) -> Decimal | None:
    """Add the upstream bill: with the caller's own key OpenRouter reports only its fee."""
    upstream = details.get("upstream_inference_cost") if isinstance(details, dict) else None
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
