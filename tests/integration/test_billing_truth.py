"""Costs against what providers billed. Needs recorded traffic; skips without it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.pricing.sample_calls import sample_call

from understudy.pricing import price_book, price_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.events import CallEvent

DATA = Path(os.environ.get("UNDERSTUDY_TEST_DATA", Path(__file__).parents[2] / "../shared/data"))
TRUTH = DATA / "cassettes" / "billing_truth.json"

pytestmark = pytest.mark.skipif(not TRUTH.exists(), reason="recorded traffic is not here")


def billed_calls(*, reported: bool) -> list[tuple[CallEvent, float]]:
    """Return calls with what was billed for them, which the event says if `reported`."""
    return [
        (_event(row, reported=reported), row["reported_cost_usd"])
        for row in json.loads(TRUTH.read_text(encoding="utf-8"))
    ]


def _event(row: dict[str, Any], *, reported: bool) -> CallEvent:
    usage = row["usage"]
    return sample_call(
        provider=row["provider"],
        wire_api=row["wire_api"],
        request_model=row["model_requested"],
        response_model=row["model_returned"],
        input_tokens=usage["input_tokens"],
        output_tokens=usage["output_tokens"],
        cache_read_tokens=usage.get("cache_read"),
        cache_write_tokens=usage.get("cache_write"),
        reasoning_tokens=usage.get("reasoning"),
        usage_raw=row["usage_raw"],
        reported_cost_usd=row["reported_cost_usd"] if reported else None,
    )


def test_what_the_provider_reports_is_the_cost() -> None:
    """To 1e-9 USD, whatever the price list says."""
    book = price_book()

    costs = [(price_call(event, book), billed) for event, billed in billed_calls(reported=True)]

    assert all(event.cost_source == "provider" for event, _ in costs)
    assert [event.cost_nanousd for event, _ in costs] == [
        round(billed * 1e9) for _, billed in costs
    ]


def test_list_prices_agree_with_the_bill(record_property: Callable[[str, object], None]) -> None:
    """Without the report, most costs are within 1 % of it and none is made up.

    A router's own routes may cost more than the list says; a model that is not on the
    provider's list has no price.
    """
    book = price_book()
    costs = [(price_call(event, book), billed) for event, billed in billed_calls(reported=False)]

    priced = [(e.cost_nanousd / 1e9, billed) for e, billed in costs if e.cost_nanousd is not None]
    close = sum(abs(cost / billed - 1) <= 0.01 for cost, billed in priced)

    record_property("within 1 %", f"{close} of {len(priced)} priced, {len(costs)} in all")
    assert close >= 0.7 * len(priced)
    assert all(e.provider == "openrouter" for e, _ in costs if e.cost_nanousd is not None)
