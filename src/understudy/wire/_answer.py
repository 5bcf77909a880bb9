"""An answer taken apart: one JSON value, or the events of a stream, all or the marked ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .fields import first, parse
from .streams import NdjsonSplitter, Splitter, decoded_body, framing_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..calls import Response
    from ._api import Landmarks

_LINES_TYPES = ("ndjson", "jsonl", "stream+json")
_FIRST_ERROR_STATUS = 400
_ENDS = 2  # events of a stream that are always read at either end


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` of an answer in one piece; `body` and `framing` of one that streamed.

    A body that is empty, no JSON and no stream, or JSON that was cut off, has neither.
    """

    value: Mapping[str, Any] | None = None
    body: bytes = b""
    framing: type[Splitter] | None = None
    streamed: bool = False

    def events(self, landmarks: Landmarks | None) -> Iterator[Mapping[str, Any]]:
        """Parse the events of a stream, with `landmarks` only those that they mark."""
        if self.framing is None:
            return
        splitter = self.framing()
        if landmarks is None or splitter.separator is None:
            pieces = [*splitter.feed(self.body), *splitter.rest()]
        else:
            pieces = _marked(self.body, splitter, splitter.separator, landmarks)
        for piece in pieces:
            yield from splitter.events(piece)


def answer_of(response: Response, *, wanted_stream: bool) -> Answer:
    """Take an answer apart, by its first bytes rather than by what its headers say."""
    body = decoded_body(response.headers, response.body)
    kind = response.headers.get("content-type", "")
    if body.startswith(b"{") and kind.startswith("application/json"):
        return _object(body)
    start = body.lstrip(b" \t\r\n\xef\xbb\xbf")[:1]
    fine = response.status < _FIRST_ERROR_STATUS
    if not start:
        return Answer(streamed=fine and ("eventstream" in kind or "event-stream" in kind))
    if start == b"{":
        return _lines(body) if any(name in kind for name in _LINES_TYPES) else _object(body)
    if start == b"[" and not (fine and wanted_stream):
        items = parse(body)
        return Answer(value=first(items)) if isinstance(items, list) else Answer()
    framing = framing_of(body)
    return Answer() if framing is None else _stream(framing, body)


def _object(body: bytes) -> Answer:
    """Take a body that begins with `{`: one object, or several on lines of their own."""
    value = parse(body)
    return Answer(value=value) if isinstance(value, dict) else _lines(body)


def _lines(body: bytes) -> Answer:
    """Take JSON lines; an object that was cut off looks like them, but for the first one."""
    first_line = body.lstrip().partition(b"\n")[0]
    return _stream(NdjsonSplitter, body) if NdjsonSplitter().events(first_line) else Answer()


def _stream(framing: type[Splitter], body: bytes) -> Answer:
    if framing.separator is not None and b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Answer(body=body, framing=framing, streamed=True)


def _marked(body: bytes, splitter: Splitter, separator: bytes, landmarks: Landmarks) -> list[bytes]:
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
