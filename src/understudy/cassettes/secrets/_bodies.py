"""Bodies without secrets; those that hold none come back as the very bytes they were."""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from bisect import bisect_right
from collections import Counter, defaultdict
from contextlib import suppress
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from ...redaction import REDACTED, Span, merged
from ...wire.streams import START, frame_of, framing_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from ._finder import SecretFinder

#: Bytes that are no UTF-8 come back as they were.
_AS_IT_IS: Final = "surrogateescape"
_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CHARSET: Final = re.compile(r"(?i)charset=\"?utf-?(16|32)-?(le|be)?")
_LOOKED_AT: Final = 64
#: The keys under which wire APIs send a piece of what the model says.
_PIECE: Final = re.compile(
    r'"(content|text|delta|arguments|partial_json|thinking|reasoning|reasoning_content|refusal'
    r'|input|response|outputText|completion)"[ ]*:[ ]*"((?:[^"\\]|\\.)*)"'
)
#: The payload of an invoke-stream's chunk: the event itself, in base64.
_INNER: Final = re.compile(rb'("bytes"\s*:\s*")([A-Za-z0-9+/=]+)(")')


def clean_body(
    finder: SecretFinder,
    body: bytes,
    content_type: str = "",
    *,
    known: Collection[str] = (),
    found: Counter[str] | None = None,
    streamed: bool = False,
) -> bytes:
    """Return a decoded body without secrets.

    The number and the order of a stream's events stay: no replacement holds a line end. With
    `streamed`, a secret that came in the pieces of several events is found too.
    """
    if not body:
        return body
    splitter = framing_of(body[:START]) if body[:1] == b"\0" else None
    if splitter is not None:
        # What follows the last whole frame stays as it is.
        frames = splitter().feed(body)
        clean_one = partial(clean_body, finder, known=known, found=found)
        cleaned = [_cleaned(frame, clean_one) for frame in frames]
        return b"".join([*cleaned, body[sum(map(len, frames)) :]])
    text, codec = text_of(body, content_type)
    clean = text
    if streamed:
        # First: of a key in pieces the others would take what looks whole, and leave the rest.
        clean = without_split_secrets(clean, lambda joined: finder.in_json(joined, known), found)
    clean = finder.without(clean, finder.in_body(clean, content_type, known), found)
    return body if clean == text else clean.encode(codec, _AS_IT_IS)


class BodyText(NamedTuple):
    """The text of a body, and the codec that makes the body of it again."""

    text: str
    codec: str


def text_of(body: bytes, content_type: str) -> BodyText:
    """Read a body in UTF-8, or in the UTF-16 or UTF-32 that its type or its bytes tell."""
    codec = _wide_codec(body, content_type)
    if codec is not None:
        with suppress(UnicodeDecodeError):
            return BodyText(body.decode(codec), codec)
    return BodyText(body.decode("utf-8", _AS_IT_IS), "utf-8")


def _wide_codec(body: bytes, content_type: str) -> str | None:
    """Return what a body of wide letters is encoded in; its mark stays a part of the text."""
    marked = next((codec for mark, codec in _MARKS if body.startswith(mark)), None)
    told = _CHARSET.search(content_type)
    if marked is not None or told is not None:
        return marked or (told and f"utf-{told[1]}-{(told[2] or 'le').lower()}")
    start = body[:_LOOKED_AT]
    empty = [not start[at::2].strip(b"\0") for at in (0, 1)]
    return None if empty[0] == empty[1] else ("utf-16-be" if empty[0] else "utf-16-le")


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


def _cleaned(frame: bytes, clean: Callable[[bytes], bytes]) -> bytes:
    """Return a frame with a clean payload, lengths and checksums set anew."""

    def inner(match: re.Match[bytes]) -> bytes:
        try:
            event = a2b_base64(match[2])
        except ValueError:
            return match[0]
        new = clean(event)
        return match[0] if new == event else match[1] + b2a_base64(new, newline=False) + match[3]

    headers, payload = parts_of(frame)
    new = _INNER.sub(inner, clean(payload))
    return frame if new == payload else frame_of(headers, new)
