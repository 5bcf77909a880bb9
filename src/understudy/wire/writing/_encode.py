"""Values as providers write them: JSON, compact and in UTF-8, and moments."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

# Clients that split a body at every line break of Unicode would split here.
_BREAKS = MappingProxyType({0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"})


def quoted(text: str) -> str:
    """Return `text` as a JSON string."""
    if text.isascii():
        return encode_basestring_ascii(text)
    return encode_basestring(text).translate(_BREAKS)


def json_text(value: Any) -> str:
    """Return `value` as JSON text."""
    try:
        text = to_json(value).decode()
    except PydanticSerializationError:  # half a surrogate pair
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else text.translate(_BREAKS)


def encoded(text: str) -> bytes:
    """Return the bytes of `text`; half surrogate pairs, no UTF-8, become question marks."""
    return text.encode("utf-8", "replace")


def members(value: Mapping[str, Any]) -> str:
    """Return the members of a JSON object without its braces, to be put between others."""
    return json_text(value)[1:-1]


@lru_cache(maxsize=64)
def moment(seconds: int) -> str:
    """Return `seconds` since 1970 as `2026-01-01T00:00:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
