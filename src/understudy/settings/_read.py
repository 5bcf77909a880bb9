"""Reads the value of an option, by its kind."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from ..errors import SettingsError, UnknownNameError
from ..options import PLAIN_MOCK, Option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


_WORD: Final = "word"
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off", ""})
_MOST_DIGITS: Final = 1000
_AGE: Final = re.compile(r"(\d{1,5})([dhm])")
_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}


def read(option: Option, value: Any, where: str) -> Any:
    """Read `value`, which stands at `where`: text, or what pytest made of its configuration.

    Raises:
        SettingsError: it cannot be read.
    """
    if option.kind in _OF_SEVERAL:
        return _OF_SEVERAL[option.kind](value, where)
    if option.kind == "choice":
        return _choice(str(value), option.choices, where)
    return _OF_TEXT[option.kind](str(value), where)


def _switch(text: str, where: str) -> bool:
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        msg = (
            f"{where}: {text!r} is neither yes nor no. Write 1, true, yes, on or 0, false, no, off."
        )
        raise SettingsError(msg)
    return word in _TRUE


def _mock(text: str, _: str) -> str | None:
    word = text.strip()
    if word.lower() in _TRUE:
        return PLAIN_MOCK
    return None if word.lower() in _FALSE else word


def read_age(text: str, where: str) -> timedelta:
    """Read `60d`, `36h` or `90m`, which stands at `where`.

    Raises:
        SettingsError: it is no age, or none at all.
    """
    word = text.strip().lower()
    found = _AGE.fullmatch(word)
    if found is None or not int(found[1]):
        number = re.match(r"0*([1-9]\d{0,4})", word)
        meant = f" Did you mean {number[1]}d?" if number else ""
        msg = f"{where}: {text!r} is no age. Write one, like 60d, 36h or 90m.{meant}"
        raise SettingsError(msg)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _age(text: str, where: str) -> timedelta | None:
    return None if text.strip().lower() in _FALSE else read_age(text, where)


def _usd(text: str, where: str) -> Decimal:
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        msg = f"{where}: {text!r} is no amount in USD. Write a number from 0 on, like 0.50."
        raise SettingsError(msg)
    return amount


def _number(text: str, where: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or number < 0:
        msg = f"{where}: {text!r} is no number from 0 on. Write one, like 0, 1 or 2.5."
        raise SettingsError(msg)
    return number


def _whole(text: str, where: str) -> int:
    if not text.strip().isdecimal():
        msg = f"{where}: {text!r} is no whole number from 0 on. Write one, like 0 or 4."
        raise SettingsError(msg)
    if len(text) > _MOST_DIGITS:
        msg = f"{where}: a number of {len(text)} digits is too large. Write a smaller one."
        raise SettingsError(msg)
    return int(text)


def _text(text: str, where: str) -> str:
    if not text.strip():
        msg = f"{where}: the value is empty. Give one, or leave the option out."
        raise SettingsError(msg)
    return text.strip()


def _choice(text: str, choices: Iterable[str], where: str) -> str:
    word = text.strip().lower()
    if word not in choices:
        raise UnknownNameError(_WORD, text, choices, where=where)
    return word


def _names(value: str | Iterable[str], _: str) -> tuple[str, ...]:
    """Read names apart by commas or blanks, or several such texts."""
    texts = [value] if isinstance(value, str) else value
    return tuple(name for text in texts for name in text.replace(",", " ").split())


def _reports(value: str | Iterable[str], where: str) -> tuple[str, ...]:
    """Read one report a line, or several such texts; a destination may hold commas."""
    texts = [value] if isinstance(value, str) else value
    return tuple(_text(line, where) for text in texts for line in text.splitlines())


_OF_TEXT: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "switch": _switch,
    "mock": _mock,
    "age": _age,
    "usd": _usd,
    "number": _number,
    "whole": _whole,
    "text": _text,
}
_OF_SEVERAL: Final[Mapping[str, Callable[[Any, str], Any]]] = {
    "names": _names,
    "reports": _reports,
}
