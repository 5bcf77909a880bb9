"""Bodies as the provider wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .streams import START, decoder_for

if TYPE_CHECKING:
    from collections.abc import Mapping


def decoded_body(headers: Mapping[str, str], body: bytes) -> bytes:
    """Undo `content-encoding` (gzip, deflate, br, zstd); header names are in lower case.

    A body that was cut off gives what can be decoded of it, one whose encoding nothing
    installed can undo gives nothing, one that is decoded already comes back as it is.
    """
    if body.startswith(b'{"') and not headers.get("content-encoding"):
        return body
    decoder = decoder_for(headers.get("content-encoding", ""), body[:START])
    return body if decoder is None else decoder.feed(body)
