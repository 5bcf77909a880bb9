"""Timing as it stands in a file: one line a reader can follow.

`events: +313.1 +23.1 +22.9*2` says that the first event came 313.1 ms after the request began,
the next 23.1 ms later, and then two at once. `chunks: +313.1:201` counts bytes instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ._timing import Part, Timing, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_KEYS: Final = {Unit.EVENTS: "events", Unit.BYTES: "chunks"}
_EVENTS: Final = re.compile(r"\+(\d+(?:\.\d+)?)(?:\*(\d+))?")
_CHUNKS: Final = re.compile(r"\+(\d+(?:\.\d+)?):(\d+)")


def timing_document(timing: Timing) -> dict[str, Any]:
    """Return what stands in the file; moments are kept to a tenth of a millisecond."""
    document: dict[str, Any] = {"headers_ms": round(float(timing.headers_ms), 1)}
    if timing.parts:
        document[_KEYS[timing.unit]] = " ".join(_tokens(timing))
    if timing.end_ms is not None:
        document["end_ms"] = round(float(timing.end_ms), 1)
    return document


def _tokens(timing: Timing) -> Iterator[str]:
    """Yield the parts; each gap starts at a rounded moment, so that errors do not add up."""
    before = 0
    for part in timing.parts:
        at = max(before, round(part.at_ms * 10))
        gap = f"+{(at - before) / 10:.1f}"
        if timing.unit is Unit.BYTES:
            yield f"{gap}:{part.size}"
        else:
            yield gap if part.size == 1 else f"{gap}*{part.size}"
        before = at


def timing_of(document: Mapping[str, Any]) -> Timing:
    """Return what `timing_document` wrote.

    Raises:
        ValueError: it was not that.
    """
    unit = Unit.EVENTS if "events" in document else Unit.BYTES
    pattern = _EVENTS if unit is Unit.EVENTS else _CHUNKS
    tokens = str(document.get(_KEYS[unit]) or "").split()
    end = document.get("end_ms")
    return Timing(
        headers_ms=float(document["headers_ms"]),
        parts=tuple(_parts(tokens, pattern)),
        unit=unit,
        end_ms=None if end is None else float(end),
    )


def _parts(tokens: Iterable[str], pattern: re.Pattern[str]) -> Iterator[Part]:
    at = 0
    for token in tokens:
        match = pattern.fullmatch(token)
        if match is None:
            msg = f"{token!r} is no part of a timing"
            raise ValueError(msg)
        at += round(float(match[1]) * 10)
        yield Part(at / 10, int(match[2] or 1))
