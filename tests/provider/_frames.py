"""Frames of AWS's binary event stream (`application/vnd.amazon.eventstream`)."""

from __future__ import annotations

import json
import struct
from binascii import crc32
from typing import Any


def frame(event: str, payload: dict[str, Any]) -> bytes:
    """Return one frame: prelude and its CRC, headers, payload, CRC of it all."""
    headers = b"".join(
        _header(name, value)
        for name, value in (
            (":event-type", event),
            (":content-type", "application/json"),
            (":message-type", "event"),
        )
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    checked = prelude + struct.pack(">I", crc32(prelude)) + headers + body
    return checked + struct.pack(">I", crc32(checked))


def _header(name: str, value: str) -> bytes:
    text = 7
    return (
        struct.pack(">B", len(name))
        + name.encode()
        + struct.pack(">BH", text, len(value))
        + value.encode()
    )
