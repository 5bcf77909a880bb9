"""Identifiers that sort by the time they were made."""

from __future__ import annotations

import os
import time

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62


def new_id() -> str:
    """Return a UUID of version 7 (RFC 9562) as 32 hexadecimal digits."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    random_a = (noise >> 62) & 0xFFF
    random_b = noise & ((1 << 62) - 1)
    return f"{milliseconds << 80 | _VERSION_7 | random_a << 64 | _VARIANT | random_b:032x}"
