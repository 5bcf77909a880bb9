"""Wire APIs: who answers, and what a request and its answer say. No input, no output."""

from __future__ import annotations

from ._api import Asked, Landmarks, WireApi
from ._draft import Content, Draft
from ._exchange import read_exchange
from ._other_requests import is_provider_request
from ._registry import Recognised, WireApis
from ._target import Peek, Target
from ._watcher import StreamWatcher
from .streams import decoded_body

#: The older word for the class that a plugin registers.
Codec = WireApi

__all__ = [
    "Asked",
    "Codec",
    "Content",
    "Draft",
    "Landmarks",
    "Peek",
    "Recognised",
    "StreamWatcher",
    "Target",
    "WireApi",
    "WireApis",
    "decoded_body",
    "is_provider_request",
    "read_exchange",
]
