"""Frames of `application/vnd.amazon.eventstream`, as Bedrock sends them.

A frame is: total length, length of the headers, CRC-32 of these two (4 bytes each, big
endian), headers, payload, CRC-32 of all. A header is: length of the name (1 byte), name,
type of the value (1 byte), value. Checksums are not verified: the client did.
"""

from __future__ import annotations

import binascii
import struct
from typing import TYPE_CHECKING, Any
from zlib import crc32

from ..fields import parse
from ._text_streams import Splitter

if TYPE_CHECKING:
    from collections.abc import Mapping

_PRELUDE = struct.Struct(">III")
_LENGTHS = struct.Struct(">II")
_CHECKSUM = struct.Struct(">I")
_SMALLEST = _PRELUDE.size + _CHECKSUM.size
_LARGEST = 1 << 26
_STRING = 7
# Length of the values of the other header types; -1: their length comes before them.
_VALUE_LENGTHS = (0, 0, 1, 2, 4, 8, -1, -1, 8, 16)


def frame_of(headers: bytes, payload: bytes) -> bytes:
    """Return a frame, with the checksums that botocore verifies."""
    lengths = _LENGTHS.pack(_SMALLEST + len(headers) + len(payload), len(headers))
    checked = b"".join((lengths, _CHECKSUM.pack(crc32(lengths)), headers, payload))
    return checked + _CHECKSUM.pack(crc32(checked))


def parts_of(frame: bytes) -> tuple[bytes, bytes]:
    """Return the headers and the payload of a whole frame."""
    end = _PRELUDE.size + _PRELUDE.unpack_from(frame)[1]
    return frame[_PRELUDE.size : end], frame[end : -_CHECKSUM.size]


def is_event_stream(start: bytes) -> bool:
    """Tell whether `start` (at least 12 bytes) is the prelude of a frame."""
    if len(start) < _PRELUDE.size:
        return False
    checksum: int = _PRELUDE.unpack_from(start)[2]
    return crc32(start[:8]) == checksum


class EventStreamSplitter(Splitter):
    """Cuts at the lengths that the frames say; after a nonsensical one it gives nothing."""

    def __init__(self) -> None:
        self._pending = b""
        self._lost = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take more of the stream and return the frames that it completes."""
        data, frames, at = self._pending + data, [], 0
        while len(data) - at >= _PRELUDE.size and not self._lost:
            length, headers, _ = _PRELUDE.unpack_from(data, at)
            if not _SMALLEST + headers <= length <= _LARGEST:
                self._lost = True
            elif len(data) - at < length:
                break
            else:
                frames.append(data[at : at + length])
                at += length
        self._pending = b"" if self._lost else data[at:]
        return frames

    def events(self, piece: bytes) -> list[Mapping[str, Any]]:
        """Parse a frame into `{event type: payload}`.

        The payload of an invoke-stream's chunk, JSON in base64, is the event itself.
        An exception is marked with `error`, as other providers do.
        """
        packed, body = parts_of(piece)
        headers, payload = _headers(packed), parse(body)
        if not isinstance(payload, dict):
            return []
        kind = headers.get(":exception-type") or headers.get(":error-code")
        if kind is not None:
            message = payload.get("message") or headers.get(":error-message")
            return [{"error": {"type": kind, "message": message}}]
        return [_inner(payload) or {headers.get(":event-type", ""): payload}]


def _inner(payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
    encoded = payload.get("bytes")
    if not isinstance(encoded, str):
        return None
    try:
        value = parse(binascii.a2b_base64(encoded))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _headers(data: bytes) -> dict[str, str]:
    """Return the headers whose values are strings."""
    headers: dict[str, str] = {}
    at = 0
    try:
        while at < len(data):
            name_end = at + 1 + data[at]
            kind = data[name_end]
            start, length = name_end + 1, _VALUE_LENGTHS[kind]
            if length < 0:
                length = int.from_bytes(data[start : start + 2])
                start += 2
            if kind == _STRING:
                name = data[at + 1 : name_end].decode("utf-8", "replace")
                headers[name] = data[start : start + length].decode("utf-8", "replace")
            at = start + length
    except IndexError:
        pass
    return headers
