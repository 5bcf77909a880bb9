"""Frames of `application/vnd.amazon.eventstream`, with the checksums that botocore verifies.

A frame is: total length, length of the headers, CRC-32 of these two (4 bytes each, big
endian), headers, payload, CRC-32 of all. A header is: length of the name (1 byte), name,
7 for a string, length of the value (2 bytes), value.
"""

from __future__ import annotations

import struct
from binascii import b2a_base64
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from ._api_writer import Piece
from ._encode import encoded
from ._framing import Framing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._framing import Event

_LENGTHS = struct.Struct(">II")
_CHECKSUM = struct.Struct(">I")
_AROUND = 16  # prelude, its checksum, checksum of all
_STRING = 7


def _event_frames(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return a frame for each event; a name that ends in `Exception` is an exception's."""
    return tuple(
        [Piece(line, _frame(_headers(name), encoded(data))) for line, name, data in events]
    )


def _chunk_frames(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return frames of an invoke-stream: each event in base64; exceptions as they are."""
    return tuple(
        [
            Piece(line, _frame(_headers(name), encoded(data)))
            if name.endswith("Exception")
            else Piece(line, _frame(_headers("chunk"), _in_base64(data)))
            for line, name, data in events
        ]
    )


def _frame(headers: bytes, payload: bytes) -> bytes:
    lengths = _LENGTHS.pack(_AROUND + len(headers) + len(payload), len(headers))
    checked = b"".join((lengths, _CHECKSUM.pack(crc32(lengths)), headers, payload))
    return checked + _CHECKSUM.pack(crc32(checked))


def _in_base64(data: str) -> bytes:
    return b'{"bytes":"%b"}' % b2a_base64(encoded(data), newline=False)


@lru_cache(maxsize=64)
def _headers(name: str) -> bytes:
    kind = "exception" if name.endswith("Exception") else "event"
    headers = (
        (f":{kind}-type", name),
        (":content-type", "application/json"),
        (":message-type", kind),
    )
    return b"".join(_header(key.encode(), value.encode()) for key, value in headers)


def _header(name: bytes, value: bytes) -> bytes:
    return struct.pack(f">B{len(name)}sBH", len(name), name, _STRING, len(value)) + value


_CONTENT_TYPE = "application/vnd.amazon.eventstream"
EVENT_FRAMES = Framing(_CONTENT_TYPE, _event_frames)
CHUNK_FRAMES = Framing(_CONTENT_TYPE, _chunk_frames)
