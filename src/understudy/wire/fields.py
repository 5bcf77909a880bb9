"""Fields of JSON as providers send it, read without ever raising: objects, words, counts, money."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..calls import Usage

# NaN and infinities are no JSON and no figure either: they read as null.
_LENIENT = json.JSONDecoder(parse_constant=lambda _: None)


@cache
def _fast_parser() -> Callable[..., Any]:
    """Load the parser once: slow to import, and files may hold no JSON."""
    from pydantic_core import from_json  # noqa: PLC0415 - as above

    return from_json


def parse(data: bytes) -> Any:
    """Return the JSON value in `data`, None where there is none."""
    try:
        return _fast_parser()(data, allow_inf_nan=False)
    except ValueError:
        return _parse_leniently(data)


def _parse_leniently(data: bytes) -> Any:
    """Take what the fast parser does not: broken UTF-8, half surrogates, NaN, marks."""
    try:
        return _LENIENT.decode(data.decode("utf-8", "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def mapping(value: Any) -> dict[str, Any]:
    """Return `value` where it is an object, an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the objects of the array `value`, none where it is no array."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def first(value: Any) -> dict[str, Any]:
    """Return the first object of the array `value`, an empty one where there is none."""
    return mapping(value[0]) if isinstance(value, list) and value else {}


def word(value: Any) -> str | None:
    """Return a non-empty string as it is, None for anything else.

    Half surrogate pairs, which no UTF-8 can hold, become question marks.
    """
    if not isinstance(value, str) or not value:
        return None
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


# More than any call holds or costs (in USD), and little enough that a store can add them up:
# a SQLite INTEGER ends at 9.2e18, and costs are kept in 1e-9 USD.
_LARGEST = 10**15
_DEAREST = 10**6
_WIDEST = 2**63 - 1
_NUMERAL = re.compile(r"\d{1,20}(?:\.\d{1,20})?(?:[eE]\+?\d{1,3})?", re.ASCII)
_DEEPEST = 50
_NEARLY_FLAT = 4
_TICKS_PER_USD = 10**10


def count(value: Any) -> int | None:
    """Return a whole number from 0 to what a call can hold (5, 5.0, "5" or "5.0"), else None."""
    if type(value) is int:
        return value if 0 <= value <= _LARGEST else None
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        value = float(value)
    return count(int(value)) if isinstance(value, float) and value.is_integer() else None


def bounded(value: Any) -> Any:
    """Return a JSON value without what no store holds.

    Numbers and nesting beyond bounds become null, half surrogate pairs question marks.
    """
    return value if _is_bounded(value, _NEARLY_FLAT) else _bounded(value, _DEEPEST)


def _is_bounded(value: Any, depth: int) -> bool:
    """Tell, at a third of the cost, of an object as nearly all are that nothing is to be done."""
    if type(value) is not dict or not depth:
        return False
    for name, each in value.items():
        sort = type(each)
        if sort is int:
            fits = -_WIDEST <= each <= _WIDEST
        elif sort is str:
            fits = each.isascii()
        else:
            fits = each is None or sort is bool or _is_bounded(each, depth - 1)
        if not fits or not name.isascii():
            return False
    return True


def _bounded(value: Any, depth: int) -> Any:
    sort, inner = type(value), depth - 1
    if sort is int or sort is float:
        return value if -_WIDEST <= value <= _WIDEST else None
    if sort is dict:
        if not depth:
            return None
        return {_bounded(key, depth): _bounded(each, inner) for key, each in value.items()}
    if sort is list:
        return [_bounded(each, inner) for each in value] if depth else None
    return word(value) if sort is str and value else value


def is_empty(value: Any) -> bool:
    """Tell whether a JSON value says nothing: null, 0, false, "", and what holds only such."""
    if isinstance(value, dict):
        return all(map(is_empty, value.values()))
    return all(map(is_empty, value)) if isinstance(value, list) else not value


def first_count(block: Mapping[str, Any], *names: str) -> int | None:
    """Return the first count that `block` holds under one of `names`."""
    for name in names:
        if name in block and (found := count(block[name])) is not None:
            return found
    return None


def plus(base: int | None, *more: int | None) -> int | None:
    """Add what is known of `more` to `base`; unknown where `base` is, or beyond any count."""
    return None if base is None else count(base + sum(part or 0 for part in more))


def known_sum(*parts: int | None) -> int | None:
    """Add the known parts; None where none is known, or where they are beyond any count."""
    known = [part for part in parts if part is not None]
    return count(sum(known)) if known else None


def money(value: Any, unit: int = 1) -> float | None:
    """Return an amount (0.5 or "0.5") in USD, from 0 to what a call can cost, else None.

    `unit` says how many of what `value` counts make a dollar.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = float(value) / unit
    except (ValueError, OverflowError):
        return None
    return amount if 0 <= amount <= _DEAREST else None


def consistent(usage: Usage) -> Usage:
    """Drop cache figures that cannot be parts of the input.

    Cache reads and writes are parts of `input_tokens`. Where both together are more, some
    routes count the same tokens twice: the reads stay, the writes are unknown. Reads alone
    that are more than the input are unknown. `usage_raw` keeps what the provider said.
    """
    read, write, total = usage.cache_read_tokens, usage.cache_write_tokens, usage.input_tokens
    if not read and not write and not usage.cache_write_1h_tokens:
        return usage
    if total is not None and (read or 0) + (write or 0) > total:
        read = read if (read or 0) <= total else None
        write = write if read is None and (write or 0) <= total else None
        usage = replace(usage, cache_read_tokens=read, cache_write_tokens=write)
    if (usage.cache_write_1h_tokens or 0) > (usage.cache_write_tokens or 0):
        usage = replace(usage, cache_write_1h_tokens=None)
    return usage


def sound(usage: Usage) -> Usage:
    """Drop what cannot be a part of the input, and reasoning that cannot be one of the output."""
    if usage.output_tokens is not None and (usage.reasoning_tokens or 0) > usage.output_tokens:
        usage = replace(usage, reasoning_tokens=None)
    return consistent(usage)


def reported_cost(usage: Mapping[str, Any]) -> float | None:
    """Return the billed cost in USD that a usage block holds.

    OpenRouter: `cost`; Perplexity: `cost.total_cost`; xAI: `cost_in_usd_ticks` (1e-10 USD),
    where 0 is no bill: others who serve xAI's models leave it there.
    """
    cost = usage.get("cost")
    if cost is not None:
        return money(cost.get("total_cost") if isinstance(cost, dict) else cost)
    return money(usage.get("cost_in_usd_ticks"), _TICKS_PER_USD) or None
