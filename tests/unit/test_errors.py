"""Errors say what, where and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy import errors
from understudy.errors import UnderstudyError, UnknownNameError, counted

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, UnderstudyError)
]


def test_an_unknown_name_says_the_nearest_and_all() -> None:
    """The user need not look it up."""
    error = UnknownNameError("profile", "instat", ["slow", "instant"], where="conftest.py")

    assert str(error) == (
        "unknown profile 'instat' in conftest.py. Did you mean 'instant'? Known: instant, slow."
    )


def test_an_unknown_name_among_none_says_so() -> None:
    """An empty registry has nothing to suggest."""
    assert str(UnknownNameError("sink", "x", [])) == "unknown sink 'x'. None is known."


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 calls"), (1, "1 call"), (1_200, "1,200 calls")]
)
def test_counts_have_their_plural(number: int, text: str) -> None:
    """One call, two calls."""
    assert counted(number, "call") == text


def test_every_error_has_a_paragraph_in_the_docs() -> None:
    """The slug is an anchor of the page of messages."""
    page = (Path(__file__).parents[2] / "docs/reference/messages.md").read_text()

    assert [kind.slug for kind in KINDS if f'<a id="{kind.slug}"></a>' not in page] == []
