"""Predictions: what they may hold, and how what they may not is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from understudy.errors import EstimateError
from understudy.events import (
    COMPLEXITIES,
    Estimate,
    TokenEstimate,
    parse_estimate,
    token_count,
)


@pytest.mark.parametrize(
    "value",
    [800, {"output_tokens": 800}, Estimate(output_tokens=800)],
    ids=lambda v: type(v).__name__,
)
def test_only_output_tokens_are_required(value: object) -> None:
    """Alone, in a mapping, or as an estimate."""
    assert parse_estimate(value, where="here") == Estimate(output_tokens=800)


@pytest.mark.parametrize("complexity", COMPLEXITIES)
def test_the_four_complexities_are_taken(complexity: str) -> None:
    """Low, medium, high and maintenance."""
    found = parse_estimate({"output_tokens": 1, "complexity": complexity}, where="here")

    assert found.complexity == complexity


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            {"output_tokens": 1, "complexity": "hihg"},
            "unknown complexity 'hihg' in here. Did you mean 'high'? "
            "Known: high, low, maintenance, medium.",
        ),
        (
            {"outputtokens": 1},
            "unknown field 'outputtokens' in here. Did you mean 'output_tokens'?",
        ),
        ({}, "here: output_tokens is missing; it is all that is required."),
        (True, "here: output_tokens=True: a number of tokens is an integer from 0 on, not True."),
        (-1, "here: output_tokens=-1: a number of tokens is an integer from 0 on, not -1."),
        (8.5, "here: output_tokens=8.5: a number of tokens is an integer from 0 on, not 8.5."),
        ("800", "not '800'"),
        (float("nan"), "not nan"),
        ({"output_tokens": 1, "deliverables": "one text"}, "here: deliverables='one text': "),
        ({"output_tokens": 1, "category": ""}, "here: category='': "),
    ],
)
def test_what_is_no_prediction_is_refused_with_a_reason(value: object, words: str) -> None:
    """What, where, and the nearest valid name."""
    with pytest.raises(EstimateError) as refused:
        parse_estimate(value, where="here")

    assert words in str(refused.value)


def test_a_count_may_be_of_any_integer_type() -> None:
    """NumPy's among them."""

    class Five:
        def __index__(self) -> int:
            return 5

    assert token_count(Five()) == 5


def test_a_count_that_no_store_holds_is_refused() -> None:
    """It would keep every later run from writing to the store, too."""
    assert token_count(2**63 - 1) == 2**63 - 1
    with pytest.raises(ValueError, match="up to"):
        token_count(10**400)


@given(st.lists(st.text(max_size=300), max_size=40))
def test_at_most_20_deliverables_of_200_characters_are_kept_of_any_number(
    deliverables: list[str],
) -> None:
    """The count stays true."""
    estimate = Estimate(output_tokens=1, deliverables=tuple(deliverables))

    columns = estimate.columns()

    assert columns["deliverables"] == [each[:200] for each in deliverables[:20]]
    assert columns["deliverable_count"] == len(deliverables)


def test_unknown_deliverables_are_not_none_at_all() -> None:
    """None is unknown, an empty list is a fact."""
    unknown = Estimate(output_tokens=1).columns()
    nothing = Estimate(output_tokens=1, deliverables=()).columns()

    assert (unknown["deliverables"], unknown["deliverable_count"]) == (None, None)
    assert (nothing["deliverables"], nothing["deliverable_count"]) == ([], 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"complexity": "hard"},
        {"deliverables": ["x"] * 21},
        {"deliverables": ["x" * 201]},
        {"smape_percent": 200.1},
        {"waste_ratio": float("inf")},
        {"predicted_output_tokens": -1},
        {"mood": "good"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_row_keeps_to_the_limits_of_its_table(fields: dict[str, Any]) -> None:
    """Nothing is cut in silence at this point."""
    row: dict[str, Any] = {"estimate_id": "e", "ts": 0, "predicted_output_tokens": 1}

    with pytest.raises(ValidationError):
        TokenEstimate(**row | fields)
