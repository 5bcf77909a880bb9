"""The taps, one for each client library."""

from __future__ import annotations

from ._aiohttp import AiohttpTap
from ._httpx import HttpxTap
from ._urllib3 import Urllib3Tap
from ._vcrpy import CassetteOrigin, VcrAiohttpTap

__all__ = ["AiohttpTap", "CassetteOrigin", "HttpxTap", "Urllib3Tap", "VcrAiohttpTap"]
