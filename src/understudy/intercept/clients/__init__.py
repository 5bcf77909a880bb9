"""The taps, one for each client library."""

from ._aiohttp import tap_aiohttp, tap_aioresponses
from ._httpx import tap_httpx
from ._requests import tap_requests, tap_requests_mock
from ._urllib3 import tap_urllib3, tap_urllib3_manager
from ._vcrpy import tap_vcr_aiohttp, tap_vcr_cassette

__all__ = [
    "tap_aiohttp",
    "tap_aioresponses",
    "tap_httpx",
    "tap_requests",
    "tap_requests_mock",
    "tap_urllib3",
    "tap_urllib3_manager",
    "tap_vcr_aiohttp",
    "tap_vcr_cassette",
]
