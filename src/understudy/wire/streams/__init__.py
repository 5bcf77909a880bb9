"""Bodies as they come over the wire: content-encodings and the ways to cut a stream."""

from ._compression import START, Decoder, decoded_body, decoder_for
from ._event_frames import frame_of, parts_of
from ._framing import framing_of, undecided
from ._text_streams import DONE, NdjsonSplitter, Splitter

__all__ = [
    "DONE",
    "START",
    "Decoder",
    "NdjsonSplitter",
    "Splitter",
    "decoded_body",
    "decoder_for",
    "frame_of",
    "framing_of",
    "parts_of",
    "undecided",
]
