"""Vectors made of texts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.wire.writing import text_vector


def likeness(one: str, other: str) -> float:
    """Return the cosine of the angle between the vectors of two texts."""
    pairs = zip(text_vector(one, 512), text_vector(other, 512), strict=True)
    return sum(left * right for left, right in pairs)


@given(st.text(), st.integers(1, 300))
def test_a_vector_has_length_one(text: str, dimensions: int) -> None:
    """In the dimensions asked for, whatever the text."""
    vector = text_vector(text, dimensions)

    assert len(vector) == dimensions
    assert math.hypot(*vector) == pytest.approx(1, abs=1e-6)


def test_texts_that_share_words_are_nearer() -> None:
    """And so are those that share parts of words."""
    asked = "How do I get a refund?"

    assert likeness(asked, "Refunds are paid within a week") > 0.2
    assert abs(likeness(asked, "Oslo lies by the sea")) < 0.1
    assert likeness(asked, asked) == pytest.approx(1, abs=1e-6)


def test_a_vector_is_the_same_on_every_machine() -> None:
    """Golden files may hold it."""
    half = 0.70710678

    assert text_vector("one cat", 8) == [half, 0.0, 0.0, 0.0, 0.0, 0.0, -half, 0.0]


def test_a_text_without_words_has_a_vector() -> None:
    """Of length one, like any other."""
    assert text_vector("?!", 4) == [1.0, 0.0, 0.0, 0.0]
