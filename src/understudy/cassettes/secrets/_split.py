r"""Secrets that a stream brings in pieces: `"content":"sk-an"`, then `"content":"t-api03…"`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from ...redaction import REDACTED, merged

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable

    from ...redaction import Span

#: The keys under which wire APIs send a piece of what the model says.
_PIECE: Final = re.compile(
    r'"(content|text|delta|arguments|partial_json|thinking|reasoning|reasoning_content|refusal'
    r'|input|response|outputText|completion)"[ ]*:[ ]*"((?:[^"\\]|\\.)*)"'
)


def without_split_secrets(
    text: str, find: Callable[[str], Iterable[Span]], found: Counter[str] | None = None
) -> str:
    """Return a stream without the secrets that span several of its pieces.

    The first piece gets the placeholder, the others lose their part; no event goes.
    """
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for match in _PIECE.finditer(text):
        places[match[1]].append(match.span(2))
    edits = [
        edit
        for pieces in places.values()
        if len(pieces) > 1
        for edit in _edits(text, pieces, find, found)
    ]
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _edits(
    text: str,
    pieces: list[tuple[int, int]],
    find: Callable[[str], Iterable[Span]],
    found: Counter[str] | None,
) -> Iterable[tuple[int, int, str]]:
    """Yield what to replace in `text`: the parts of a secret in each of the pieces it spans."""
    starts = [0, *accumulate(end - start for start, end in pieces)]
    joined = "".join(text[start:end] for start, end in pieces)
    for span in merged(find(joined)):
        first = bisect_right(starts, span.start) - 1
        last = bisect_right(starts, span.end - 1) - 1
        if first == last:
            continue
        if found is not None:
            found[span.kind] += 1
        for number in range(first, last + 1):
            offset = pieces[number][0] - starts[number]
            begin = max(span.start + offset, pieces[number][0])
            end = min(span.end + offset, pieces[number][1])
            yield begin, end, REDACTED if number == first else ""
