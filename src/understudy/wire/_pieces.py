"""The pieces of a stream that hold a mark, found without cutting all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .streams import Splitter

    Event = Mapping[str, Any]

_LINE_FEED = ord("\n")
_TELLING = 4  # bytes of a value, quotes included
_ROOM = 20  # for white space between a name and its value
_ENDS = 2  # events of a stream that are always read at either end


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The byte strings that mark the stream events which hold more than content.

    Of a long stream that is read without its content only these events are parsed: the
    first and the last two, every one that holds a mark of `every`, for each mark of `last`
    the last one that holds it, and for each mark of `usage` the last ones, back to one that
    alone tells input and output. Marks are compact JSON (`"usage":{`); space around the
    colon is allowed for.
    """

    every: tuple[bytes, ...] = ()
    last: tuple[bytes, ...] = ()
    usage: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Pieces:
    """What stands between the separators of a stream."""

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
            spans.update(map(self._span, self._spots(mark)))
        for mark in landmarks.last:
            spans.update(islice(self._from_the_end(mark), 1))
        for span in sorted(spans):
            yield from read[span] if span in read else self._events(span)

    def _events(self, span: tuple[int, int]) -> list[Event]:
        return self.splitter.events(self.body[slice(*span)])

    def _spots(self, mark: bytes) -> Iterator[int]:
        """Find what a mark says. Most events have its name: its value is rarer, if it is whole."""
        name, _, value = mark.partition(b'":')
        if len(value) < _TELLING:
            yield from (found.start() for found in _pattern(mark).finditer(self.body))
            return
        spot = -1
        while (spot := self.body.find(value, spot + 1)) >= 0:
            before = self.body[max(spot - len(mark) - _ROOM, 0) : spot].rstrip()
            if before.endswith(b":") and before[:-1].rstrip().endswith(name + b'"'):
                yield spot

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
    return re.compile(re.escape(mark).replace(b'":', rb'"\s*+:\s*+'))
