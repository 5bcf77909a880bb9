"""From an event to what it bought."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.pricing.sample_calls import NOON, sample_call

from understudy.pricing import purchase_of


def test_reads_names_terms_and_time() -> None:
    """A purchase is what a price table needs to know of an event."""
    event = sample_call(response_model="gpt-4o-2024-08-06", service_tier="flex")

    purchase = purchase_of(event)

    assert purchase.models == ("gpt-4o-2024-08-06", "gpt-4o")
    assert purchase.provider == "openai"
    assert purchase.wire_api == "openai.chat"
    assert purchase.terms.service_tier == "flex"
    assert purchase.at == NOON
    assert purchase.reported_usd is None


def test_another_time_can_be_pinned() -> None:
    """A comparison prices both sides as of one moment."""
    pinned = datetime(2026, 1, 1, tzinfo=UTC)

    assert purchase_of(sample_call(), at=pinned).at == pinned


@pytest.mark.parametrize(
    ("usage_raw", "usd"),
    [
        (None, "0.000735"),
        ({"is_byok": False, "cost": 0.000735}, "0.000735"),
        (
            {"is_byok": True, "cost_details": {"upstream_inference_cost": 0.01}},
            "0.010735",
        ),
        ({"is_byok": True, "cost_details": {"upstream_inference_cost": None}}, None),
        ({"is_byok": True, "cost_details": {"upstream_inference_cost": float("nan")}}, None),
        ({"is_byok": True, "cost_details": {"upstream_inference_cost": -1}}, None),
        ({"is_byok": True}, None),
    ],
)
def test_reported_cost(usage_raw: dict[str, Any] | None, usd: str | None) -> None:
    """With the caller's own key OpenRouter reports only its fee: the bill is elsewhere."""
    event = sample_call(reported_cost_usd=0.000735, usage_raw=usage_raw)

    reported = purchase_of(event).reported_usd

    assert reported == (None if usd is None else Decimal(usd))
