"""Where secrets stand in a text, and what is put in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

#: The same for every secret: a request that is redacted before it is compared then finds the
#: redacted one, whoever's key it was sent with.
REDACTED: Final = "[redacted]"


class Span(NamedTuple):
    """A secret: from `start` to before `end`, and what kind it is."""

    start: int
    end: int
    kind: str


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
