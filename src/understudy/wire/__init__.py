"""Wire APIs: who answers, and what a request and its answer say. No input, no output."""

from __future__ import annotations

from ._body import decoded_body
from ._codecs import Codecs, Recognised
from ._draft import Content, Draft
from ._exchange import read_exchange
from ._passing import is_provider_request
from ._protocol import Asked, Codec, Landmarks
from ._target import Peek, Target
from ._watcher import StreamWatcher

__all__ = [
    "Asked",
    "Codec",
    "Codecs",
    "Content",
    "Draft",
    "Landmarks",
    "Peek",
    "Recognised",
    "StreamWatcher",
    "Target",
    "decoded_body",
    "is_provider_request",
    "read_exchange",
]
