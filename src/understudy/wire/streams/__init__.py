"""Bodies as they come over the wire: content-encodings and the ways to cut a stream."""

from __future__ import annotations

from ._compression import Decoder, decoder_for
from ._framing import START, framing_of, undecided
from ._ndjson import NdjsonSplitter
from ._protocol import DONE, Splitter

__all__ = [
    "DONE",
    "START",
    "Decoder",
    "NdjsonSplitter",
    "Splitter",
    "decoder_for",
    "framing_of",
    "undecided",
]
