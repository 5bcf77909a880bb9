"""Where secrets stand in a text, and what is put in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator

_compiled: Final = lru_cache(maxsize=None)(re.compile)

#: The same for every secret: a request that is redacted before it is compared then finds the
#: redacted one, whoever's key it was sent with.
REDACTED: Final = "[redacted]"


class Span(NamedTuple):
    """A secret: from `start` to before `end`, and what kind it is."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class KeyShape:
    """One kind of key that is known by its shape.

    A text that holds none of `markers` holds no such key: that is looked up first, because it
    costs a tenth. `expression` is compiled when it is first needed: all of them take 60 ms. With
    `has_context`, what its first group matches is no part of the secret. `judge` is asked about
    what follows the first group: it tells a key from words that begin alike.
    """

    kind: str
    markers: tuple[str, ...]
    expression: str
    has_context: bool = False
    judge: Callable[[str], bool] | None = None
    begins_word: bool = False

    def spans(self, text: str, *, judged: bool = True) -> Iterator[Span]:
        """Yield where such keys stand, without looking for the markers."""
        for match in _compiled(self.expression).finditer(text):
            start = match.end(1) if self.has_context else match.start()
            if (
                judged
                and self.judge is not None
                and not self.judge(text[match.end(1) : match.end()])
            ):
                continue
            yield Span(start, match.end(), self.kind)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one, of the kind that was named first."""
    whole: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if whole and span.start < whole[-1].end:
            last = whole[-1]
            whole[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            whole.append(span)
    return whole


def without_spans(text: str, spans: Iterable[Span], found: Counter[str] | None = None) -> str:
    """Return `text` with each span replaced; counts them by kind in `found`."""
    pieces, end = [], 0
    for span in merged(spans):
        pieces += [text[end : span.start], REDACTED]
        end = span.end
        if found is not None:
            found[span.kind] += 1
    return "".join((*pieces, text[end:])) if pieces else text
