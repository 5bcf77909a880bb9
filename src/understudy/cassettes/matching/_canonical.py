"""Texts of a request's parts that are equal where the parts mean the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Collection

    from .._interaction import RecordedRequest

_BOUNDARY: Final = re.compile(r"boundary=\"?([^\";,]+)", re.IGNORECASE)
_FORM: Final = "application/x-www-form-urlencoded"


def canonical_query(query: str, ignored: Collection[str] = ()) -> str:
    """Return a query sorted, without the names in `ignored` (lower case)."""
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [pair for pair in sorted(pairs) if pair[0].lower() not in ignored]
    return compact(kept) if kept else ""


def canonical_text(request: RecordedRequest) -> str:
    """Return a body that is no JSON as text.

    A form is sorted; the boundary of a multipart body, drawn anew for each request, is named.
    """
    media_type = request.header("content-type") or ""
    text = request.body.decode("utf-8", "surrogateescape")
    if media_type.lower().startswith(_FORM):
        return canonical_query(text)
    boundary = _BOUNDARY.search(media_type)
    return text.replace(boundary[1], "boundary") if boundary else text


def compact(value: Any) -> str:
    """Return JSON on one line, keys sorted."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def json_value(body: bytes) -> Any:
    """Return a JSON object or array, its numbers in one form; None where it is no such thing."""
    if body.lstrip()[:1] not in {b"{", b"["}:
        return None
    try:
        return json.loads(body, parse_float=_number)
    except (ValueError, RecursionError):
        return None


def _number(text: str) -> float | int:
    """Read 1.0 and 1e0 as 1, so that they equal it."""
    number = float(text)
    return int(number) if number.is_integer() else number
