"""The shape of an answer: which fields it has, and of what type."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...wire import decoded_body
from ...wire.streams import DONE, framing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._interaction import RecordedResponse


def shape_of(response: RecordedResponse) -> frozenset[str]:
    """Return the fields as `choices[].message.content: text`; of a stream, those of all events.

    A field that is null has no shape: it may be anything another time.
    """
    encoding = response.header("content-encoding") or ""
    body = decoded_body({"content-encoding": encoding}, response.body)
    return frozenset(path for value in _values(body) for path in _paths(value, ""))


def _values(body: bytes) -> Iterator[Any]:
    """Yield the one value, or each event of a stream."""
    try:
        yield json.loads(body)
    except ValueError:
        yield from _events(body)


def _events(body: bytes) -> Iterator[Any]:
    framing = framing_of(body)
    if framing is None:
        return
    splitter = framing()
    for piece in (*splitter.feed(body), *splitter.rest()):
        yield from (event for event in splitter.events(piece) if event is not DONE)


def _paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{path}[]")
    elif value is not None:
        yield f"{path}: {_type(value)}"


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    return "text" if isinstance(value, str) else "number"
