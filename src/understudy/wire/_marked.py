"""Picks the few events of a long stream that hold more than content."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._api import Landmarks
    from .streams import Splitter

_ENDS = 2  # events that are always read at either end


def marked(body: bytes, splitter: Splitter, separator: bytes, landmarks: Landmarks) -> list[bytes]:
    """Return the pieces of `body` that hold a landmark, those at its ends too, in order."""
    spots = [found.start() for mark in landmarks.every for found in _pattern(mark).finditer(body)]
    spots += [_last(mark, body) for mark in landmarks.last]
    spans = {_span(body, separator, spot) for spot in spots if spot >= 0}
    spans.update(_first_spans(body, splitter, separator))
    spans.update(_last_spans(body, splitter, separator))
    return [body[start:end] for start, end in sorted(spans)]


@lru_cache(maxsize=64)
def _pattern(mark: bytes) -> re.Pattern[bytes]:
    return re.compile(re.escape(mark).replace(b'":', b'": ?'))


def _last(mark: bytes, body: bytes) -> int:
    compact = body.rfind(mark)
    return max(compact, body.rfind(mark.replace(b'":', b'": '), max(compact, 0)))


def _span(body: bytes, separator: bytes, spot: int) -> tuple[int, int]:
    """Return where the piece around `spot` begins and ends."""
    before, after = body.rfind(separator, 0, spot), body.find(separator, spot)
    return before + len(separator) if before >= 0 else 0, after if after >= 0 else len(body)


def _first_spans(body: bytes, splitter: Splitter, separator: bytes) -> Iterator[tuple[int, int]]:
    start, found = 0, 0
    while start < len(body) and found < _ENDS:
        end = body.find(separator, start)
        end = end if end >= 0 else len(body)
        if splitter.holds_event(body[start:end]):
            found += 1
            yield start, end
        start = end + len(separator)


def _last_spans(body: bytes, splitter: Splitter, separator: bytes) -> Iterator[tuple[int, int]]:
    end, found = len(body), 0
    while end > 0 and found < _ENDS:
        start = body.rfind(separator, 0, end)
        start = start + len(separator) if start >= 0 else 0
        if splitter.holds_event(body[start:end]):
            found += 1
            yield start, end
        end = start - len(separator)
