"""Prices in events."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.pricing.sample_calls import sample_call

from understudy.events import CallEvent
from understudy.pricing import Prices, explain, is_billable, is_unpriced, price_book, price_call


def test_a_priced_event_says_what_and_from_where() -> None:
    """Cost, source and table are set; all else stays."""
    event = sample_call()

    priced = price_call(event, price_book())

    assert priced.cost_nanousd == 35_000_000
    assert priced.cost_source == "price_table"
    assert priced.price_table is not None
    assert priced.price_table.startswith("genai-prices/")
    assert priced.model_dump(exclude={"cost_nanousd", "cost_source", "price_table"}) == (
        event.model_dump(exclude={"cost_nanousd", "cost_source", "price_table"})
    )


def test_an_unpriced_event_stays_as_it_is() -> None:
    """No cost is None, with source none."""
    event = sample_call(request_model="gpt-99-foo")

    assert price_call(event, price_book()) == event


def test_a_cost_that_is_there_stays() -> None:
    """An event is priced once: its table is its provenance."""
    event = sample_call(cost_nanousd=1, cost_source="price_table", price_table="older")

    assert price_call(event, price_book()) is event


@pytest.mark.parametrize(
    ("figures", "billable"),
    [
        ({}, True),
        ({"status": "cancelled"}, True),
        ({"status": "cancelled", "http_status": None}, True),
        ({"status": "error", "http_status": 200}, True),
        ({"status": "error", "http_status": 429}, False),
        ({"status": "error", "http_status": 500}, False),
        ({"status": "error", "http_status": None}, False),
        ({"origin": "mocked"}, True),
        ({"origin": "mocked", "request_model": None, "response_model": None}, False),
    ],
)
def test_what_failed_before_an_answer_is_not_billed(
    figures: dict[str, Any], *, billable: bool
) -> None:
    """A stream that broke off was billed; a 429 was not, and lacks no price.

    Nor does a scenario that was played without a model.
    """
    event = sample_call(**figures)

    assert is_billable(event) is billable
    assert is_unpriced(event) is billable
    assert (price_call(event, price_book()).cost_nanousd is not None) is billable


def test_explains_what_has_no_price() -> None:
    """The reason is the book's."""
    event = sample_call(request_model="gpt-99-foo")

    assert explain(event, price_book()) == "not on the price list of openai"


@pytest.mark.parametrize("figures", [{"cost_nanousd": 5}, {"status": "error", "http_status": 429}])
def test_explains_nothing_else(figures: dict[str, Any]) -> None:
    """A call with a cost, or without a bill, needs no word."""
    assert explain(sample_call(**figures), price_book()) is None


words = st.none() | st.sampled_from(["openai", "bedrock", "google", "arn:", "models/", "", "a/b@c"])


@settings(deadline=None)
@given(
    provider=words,
    wire_api=words | st.sampled_from(["openai.chat", "cohere.chat.v2"]),
    request_model=words | st.text(max_size=9),
    response_model=words | st.text(max_size=9),
    service_tier=words | st.text(max_size=9),
    input_tokens=st.none() | st.integers(0, 10**12),
    output_tokens=st.none() | st.integers(0, 10**12),
    reasoning_tokens=st.none() | st.integers(0, 10**12),
)
def test_any_event_can_be_priced(**figures: Any) -> None:
    """Whatever an event holds, pricing it never raises and never makes a negative cost."""
    table = Prices()
    table.register("a/b@c", input=1, output=1)

    priced = price_call(sample_call(**figures), price_book(table))

    assert priced.cost_nanousd is None or priced.cost_nanousd >= 0
    CallEvent.model_validate(priced.model_dump())
