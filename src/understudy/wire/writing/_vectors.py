"""How long embedding vectors are, and vectors made of the text itself: the same on every machine.

Texts that share words, or parts of words, lie near each other, so that a test of retrieval
means something; texts that share none are orthogonal but for rare collisions.
"""

from __future__ import annotations

import re
import struct
from binascii import b2a_base64
from math import sqrt
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._reply import Reply

_WORD = re.compile(r"\w+")
_PART = 3  # characters of the parts of words that count
_DIGITS = 8
# Parts of the names of models; the first that fits counts.
_KNOWN = (
    ("embedding-3-large", 3072),
    ("gemini-embedding", 3072),
    ("text-embedding-00", 768),
    ("text-multilingual-embedding", 768),
    ("embedding-001", 768),
    ("embed-v4", 1536),
    ("titan-embed-text-v1", 1536),
    ("titan-embed-g1", 1536),
    ("titan-embed", 1024),
    ("embed-english-light", 384),
    ("embed-multilingual-light", 384),
    ("embed-english", 1024),
    ("embed-multilingual", 1024),
    ("codestral-embed", 1536),
    ("mistral-embed", 1024),
    ("mxbai-embed", 1024),
    ("nomic-embed", 768),
    ("minilm", 384),
)
_OTHERS = 1536
_MOST = 65_536


def dimensions_of(model: str, asked: Any = None) -> int:
    """Return the number asked for, or what the model is known to have, or OpenAI's 1536."""
    if type(asked) is int and 0 < asked <= _MOST:
        return asked
    name = model.lower()
    return next((length for part, length in _KNOWN if part in name), _OTHERS)


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
