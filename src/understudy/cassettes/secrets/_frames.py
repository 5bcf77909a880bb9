"""Frames of `application/vnd.amazon.eventstream` whose payloads are rewritten.

A frame is: total length, length of the headers, CRC-32 of these two (4 bytes each, big
endian), headers, payload, CRC-32 of all.
"""

from __future__ import annotations

import re
import struct
from binascii import a2b_base64, b2a_base64
from typing import TYPE_CHECKING, Final
from zlib import crc32

from ...wire.streams import START, framing_of

if TYPE_CHECKING:
    from collections.abc import Callable

_LENGTHS: Final = struct.Struct(">II")
_CHECKSUM: Final = struct.Struct(">I")
_PRELUDE_SIZE: Final = 12
_CHECKSUM_SIZE: Final = 4
#: The payload of an invoke-stream's chunk: the event itself, in base64.
_INNER: Final = re.compile(rb'("bytes"\s*:\s*")([A-Za-z0-9+/=]+)(")')


def is_frames(body: bytes) -> bool:
    """Tell whether a body is made of frames."""
    return body[:1] == b"\0" and framing_of(body[:START]) is not None


def with_clean_payloads(body: bytes, clean: Callable[[bytes], bytes]) -> bytes:
    """Return `body` with each payload as `clean` returns it, lengths and checksums set anew.

    What follows the last whole frame stays as it is.
    """
    splitter = framing_of(body[:START])
    assert splitter is not None
    frames = splitter().feed(body)
    rest = body[sum(map(len, frames)) :]
    return b"".join([*(_cleaned(frame, clean) for frame in frames), rest])


def _cleaned(frame: bytes, clean: Callable[[bytes], bytes]) -> bytes:
    length = _LENGTHS.unpack_from(frame)[1]
    headers_end = _PRELUDE_SIZE + length
    payload = frame[headers_end:-_CHECKSUM_SIZE]
    new = _INNER.sub(lambda match: _inner(match, clean), clean(payload))
    if new == payload:
        return frame
    lengths = _LENGTHS.pack(_PRELUDE_SIZE + length + len(new) + _CHECKSUM_SIZE, length)
    headers = frame[_PRELUDE_SIZE:headers_end]
    checked = b"".join((lengths, _CHECKSUM.pack(crc32(lengths)), headers, new))
    return checked + _CHECKSUM.pack(crc32(checked))


def _inner(match: re.Match[bytes], clean: Callable[[bytes], bytes]) -> bytes:
    try:
        event = a2b_base64(match[2])
    except ValueError:
        return match[0]
    new = clean(event)
    return match[0] if new == event else match[1] + b2a_base64(new, newline=False) + match[3]
