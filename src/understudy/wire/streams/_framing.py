"""Which splitter fits a body, told from its first bytes."""

from __future__ import annotations

from ._compression import START
from ._event_frames import EventStreamSplitter, is_event_stream
from ._text_streams import JsonArraySplitter, NdjsonSplitter, Splitter, SseSplitter

_SSE_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")
_SPACE = b" \t\r\n\xef\xbb\xbf"


def framing_of(body: bytes) -> type[Splitter] | None:
    """Return the splitter for a stream that begins with `body`; None if it is no stream.

    A body that begins with `{` may be JSON lines or one JSON object: only its end tells.
    """
    if body[:1] == b"\0":
        return EventStreamSplitter if is_event_stream(body) else None
    start = body.lstrip(_SPACE)
    if start.startswith(b"{"):
        return NdjsonSplitter
    if start.startswith(b"["):
        return JsonArraySplitter
    return SseSplitter if start.startswith(_SSE_FIELDS) else None


def undecided(body: bytes) -> bool:
    """Tell whether `body` is still too short to choose a splitter."""
    return len(body if body[:1] == b"\0" else body.lstrip(_SPACE)) < START
