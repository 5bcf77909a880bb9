"""Whether a provider still answers as it was recorded, apart from the words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..wire import decoded_body
from ..wire.streams import DONE, framing_of
from ._interaction import Interaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..calls import Exchange
    from ..wire import WireApis
    from ._interaction import RecordedRequest, RecordedResponse

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that differs; `recorded` and `live` are as they are shown."""

    what: str
    recorded: str
    live: str

    def __str__(self) -> str:
        return f"{self.what}: {self.recorded} -> {self.live}"


def drifts(
    request: RecordedRequest, recorded: RecordedResponse, live: RecordedResponse, apis: WireApis
) -> list[Drift]:
    """Compare status, model, finish reason, tokens of the input, and the answers' shapes.

    Words and tokens of the output differ each time and are no drift.
    """
    old, new = (Interaction(request, each).read(apis) for each in (recorded, live))
    pairs = (
        ("status", old.status, new.status),
        ("model", old.response_model, new.response_model),
        ("finish reason", old.finish_reason, new.finish_reason),
        ("input tokens", _input_tokens(old), _input_tokens(new)),
    )
    found = [Drift(what, _said(one), _said(other)) for what, one, other in pairs if one != other]
    if old.status == new.status:
        found += _shape_drift(recorded, live)
    return found


def _shape_drift(recorded: RecordedResponse, live: RecordedResponse) -> Iterator[Drift]:
    old, new = shape_of(recorded), shape_of(live)
    if old != new:
        yield Drift("shape", _listed("gone", old - new), _listed("new", new - old))


def _listed(word: str, paths: frozenset[str]) -> str:
    shown = sorted(paths)[:_SHOWN]
    more = f" and {len(paths) - len(shown)} more" if len(paths) > len(shown) else ""
    return f"{word} {', '.join(shown)}{more}" if shown else f"nothing {word}"


def _input_tokens(exchange: Exchange) -> int | None:
    return None if exchange.usage is None else exchange.usage.input_tokens


def _said(value: object) -> str:
    return "unknown" if value is None else str(value)


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
