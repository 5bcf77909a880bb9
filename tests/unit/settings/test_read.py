"""Reading the value of an option."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from understudy.errors import SettingsError
from understudy.options import OPTIONS, PLAIN_MOCK, Option
from understudy.settings import read


def of_kind(kind: str, *choices: str) -> Option:
    return Option("x", kind, "", choices=choices)


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_words_for_yes(word: str) -> None:
    """A switch is on for each word that means yes."""
    assert read(of_kind("switch"), word, "X") is True


@pytest.mark.parametrize("word", ["0", "false", "No", "off", ""])
def test_words_for_no(word: str) -> None:
    """A switch is off for each word that means no, and for an empty variable."""
    assert read(of_kind("switch"), word, "X") is False


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("usd", "$0.50", Decimal("0.50")),
        ("number", "2.5", 2.5),
        ("whole", " 4 ", 4),
        ("text", " golden ", "golden"),
        ("age", " 60D ", timedelta(days=60)),
        ("age", "36h", timedelta(hours=36)),
        ("age", "off", None),
        ("choice", "Virtual", "virtual"),
        ("mock", "yes", PLAIN_MOCK),
        ("mock", "off", None),
        ("mock", "refund_chat", "refund_chat"),
        ("names", "reset, rate_limit", ("reset", "rate_limit")),
        ("names", ["reset,rate_limit", "empty"], ("reset", "rate_limit", "empty")),
        ("names", "", ()),
        ("reports", ["term", "json:a,b.json"], ("term", "json:a,b.json")),
    ],
)
def test_a_value_is_read_by_its_kind(kind: str, text: Any, value: Any) -> None:
    """Text from the command line and a variable, or what pytest's configuration holds."""
    assert read(of_kind(kind, "real", "virtual"), text, "X") == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("switch", "maybe"),
        ("usd", "lots"),
        ("usd", "-1"),
        ("usd", "nan"),
        ("usd", "inf"),
        ("number", "fast"),
        ("number", "-1"),
        ("number", "nan"),
        ("whole", "2.5"),
        ("whole", "-1"),
        ("whole", "9" * 5000),
        ("age", "60"),
        ("age", "60x"),
        ("age", "0d"),
        ("text", "  "),
        ("reports", [" "]),
    ],
)
def test_what_cannot_be_read_names_its_place(kind: str, text: Any) -> None:
    """The message begins with where the value stands."""
    with pytest.raises(SettingsError, match=r"^UNDERSTUDY_X: "):
        read(of_kind(kind), text, "UNDERSTUDY_X")


def test_a_wrong_choice_names_the_nearest() -> None:
    """And where it stands."""
    with pytest.raises(SettingsError, match=r"UNDERSTUDY_CLOCK.* Did you mean 'virtual'"):
        read(of_kind("choice", "real", "virtual"), "virtuel", "UNDERSTUDY_CLOCK")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_is_of_a_kind_that_can_be_read(option: Option) -> None:
    """No kind is misspelt."""
    text = "1d" if option.kind == "age" else (option.choices or ("1",))[0]

    assert read(option, text, "X") is not None
