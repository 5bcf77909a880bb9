"""JSON as providers send it, read without ever raising."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import from_json

# NaN and infinities are no JSON and no figure either: they read as null.
_LENIENT = json.JSONDecoder(parse_constant=lambda _: None)


def parse(data: bytes) -> Any:
    """Return the JSON value in `data`, None where there is none."""
    try:
        return from_json(data, allow_inf_nan=False)
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
