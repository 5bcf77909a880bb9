"""From an event to the purchase that it records."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ._json_numbers import is_number
from ._model_names import model_names
from ._purchase import Purchase
from ._quantities import quantities_of
from ._terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..events import CallEvent


def purchase_of(event: CallEvent, *, at: datetime | None = None) -> Purchase:
    """Read what an attempt bought; `at` prices it as if it had been made then."""
    return Purchase(
        models=model_names(event.provider, event.request_model, event.response_model),
        provider=event.provider,
        wire_api=event.wire_api,
        quantities=quantities_of(event),
        terms=terms_of(event.service_tier, event.usage_raw or {}),
        at=at or event.ts,
        reported_usd=_reported_usd(event.reported_cost_usd, event.usage_raw or {}),
    )


def _reported_usd(reported: float | None, usage_raw: Mapping[str, object]) -> Decimal | None:
    if reported is None:
        return None
    if usage_raw.get("is_byok") is True:
        return _with_own_key(reported, usage_raw.get("cost_details"))
    return Decimal(str(reported))


def _with_own_key(fee: float, details: object) -> Decimal | None:
    """Add the upstream bill: with the caller's own key OpenRouter reports only its fee."""
    upstream = details.get("upstream_inference_cost") if isinstance(details, dict) else None
    if not is_number(upstream) or upstream < 0:
        return None
    return Decimal(str(fee)) + Decimal(str(upstream))
