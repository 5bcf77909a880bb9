"""What differs between a recorded answer and a live one, apart from the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .._interaction import Interaction
from ._shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...calls import Exchange
    from ...wire import WireApis
    from .._interaction import RecordedRequest, RecordedResponse

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
