"""An answer taken apart: one JSON value, or the events of a stream, all or the marked ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from .fields import first, parse
from .streams import NdjsonSplitter, Splitter, decoded_body, framing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..calls import Response
    from ._api import Landmarks

    Event = Mapping[str, Any]

_LINES_TYPES = ("ndjson", "jsonl", "stream+json")
_FIRST_ERROR_STATUS = 400
_LINE_FEED = ord("\n")
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

    def events(
        self, landmarks: Landmarks | None, tells_usage: Callable[[Event], bool] = bool
    ) -> Iterator[Event]:
        """Parse the events of a stream, with `landmarks` only those that they mark.

        `tells_usage` says of an event whether what stands before it can tell no more usage.
        """
        if self.framing is None:
            return
        splitter = self.framing()
        if landmarks is None or splitter.separator is None:
            for piece in (*splitter.feed(self.body), *splitter.rest()):
                yield from splitter.events(piece)
        else:
            yield from _Pieces(self.body, splitter, splitter.separator).marked(
                landmarks, tells_usage
            )


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


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The pieces of a stream between its separators, found without cutting all of it."""

    body: bytes
    splitter: Splitter
    separator: bytes

    def marked(self, landmarks: Landmarks, tells_usage: Callable[[Event], bool]) -> Iterator[Event]:
        """Parse the pieces that hold a landmark, those at both ends too, in order."""
        read: dict[tuple[int, int], list[Event]] = {}
        for mark in landmarks.usage:
            for span in self._from_the_end(mark):
                read[span] = self._events(span)
                if any(map(tells_usage, read[span])):
                    break
        spans = {*read, *self._first(), *self._last()}
        for mark in landmarks.every:
            spans.update(self._span(m.start()) for m in _pattern(mark).finditer(self.body))
        for mark in landmarks.last:
            spans.update(islice(self._from_the_end(mark), 1))
        for span in sorted(spans):
            yield from read[span] if span in read else self._events(span)

    def _events(self, span: tuple[int, int]) -> list[Event]:
        return self.splitter.events(self.body[slice(*span)])

    def _from_the_end(self, mark: bytes) -> Iterator[tuple[int, int]]:
        """Find the pieces that hold `mark`, the last one first."""
        name, colon, _ = mark.partition(b'":')
        word, end = name + colon[:1], len(self.body)
        while (spot := self.body.rfind(word, 0, end)) >= 0:
            end = spot
            if _pattern(mark).match(self.body, spot):
                span = self._span(spot)
                end = span[0]
                yield span

    def _span(self, spot: int) -> tuple[int, int]:
        """Return where the piece around `spot` begins and ends."""
        before = self.body.rfind(self.separator, 0, spot)
        after = self.body.find(self.separator, spot)
        return self._trimmed(
            before + len(self.separator) if before >= 0 else 0,
            after if after >= 0 else len(self.body),
        )

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Leave line feeds out, so that a piece between more of them is always the same."""
        while start < end and self.body[start] == _LINE_FEED:
            start += 1
        while start < end and self.body[end - 1] == _LINE_FEED:
            end -= 1
        return start, end

    def _first(self) -> Iterator[tuple[int, int]]:
        start, found = 0, 0
        while start < len(self.body) and found < _ENDS:
            end = self.body.find(self.separator, start)
            end = end if end >= 0 else len(self.body)
            if self.splitter.holds_event(self.body[start:end]):
                found += 1
                yield self._trimmed(start, end)
            start = end + len(self.separator)

    def _last(self) -> Iterator[tuple[int, int]]:
        end, found = len(self.body), 0
        while end > 0 and found < _ENDS:
            start = self.body.rfind(self.separator, 0, end)
            start = start + len(self.separator) if start >= 0 else 0
            if self.splitter.holds_event(self.body[start:end]):
                found += 1
                yield self._trimmed(start, end)
            end = start - len(self.separator)


@lru_cache(maxsize=64)
def _pattern(mark: bytes) -> re.Pattern[bytes]:
    return re.compile(re.escape(mark).replace(b'":', rb'"\s*:\s*'))
