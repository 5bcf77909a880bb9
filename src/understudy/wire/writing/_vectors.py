"""Embedding vectors made of the text itself: the same on every machine.

Texts that share words, or parts of words, lie near each other, so that a test of retrieval
means something; texts that share none are orthogonal but for rare collisions.
"""

from __future__ import annotations

import re
import struct
from binascii import b2a_base64
from math import sqrt
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._reply import Reply

_WORD = re.compile(r"\w+")
_PART = 3  # characters of the parts of words that count
_DIGITS = 8


def vectors_for(texts: Sequence[str], reply: Reply, dimensions: int) -> list[Sequence[float]]:
    """Return a vector for each text: the reply's in turn, else `dimensions` numbers of length 1."""
    if reply.vectors:
        return [reply.vectors[place % len(reply.vectors)] for place in range(len(texts))]
    return [text_vector(text, dimensions) for text in texts]


def text_vector(text: str, dimensions: int) -> list[float]:
    """Return the unit vector of `text`: its words and their parts, hashed to signed places."""
    vector = [0.0] * dimensions
    for feature in _features(text):
        found = crc32(feature.encode("utf-8", "replace"))
        vector[(found >> 1) % dimensions] += 1.0 if found & 1 else -1.0
    length = sqrt(sum(number * number for number in vector))
    if not length:  # nothing there, or all of it cancelled out
        vector[0] = length = 1.0
    return [round(number / length, _DIGITS) if number else 0.0 for number in vector]


def packed(vector: Sequence[float]) -> str:
    """Return the vector as little-endian 32-bit floats in base64."""
    return b2a_base64(struct.pack(f"<{len(vector)}f", *vector), newline=False).decode()


def _features(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        yield f" {word} "
        for start in range(len(word) - _PART + 1):
            yield word[start : start + _PART]
