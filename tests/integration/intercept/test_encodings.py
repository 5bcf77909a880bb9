"""Compressed answers: the bytes that are told, decoded, are what the provider said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.clients import CALLERS, Caller
from tests.support.watcher import Watcher

from understudy.intercept import Taps

if TYPE_CHECKING:
    from tests.provider import Provider

NAMES = {
    "openai chat, streaming",
    "google-genai, async, streaming",
    "requests",
    "requests, streaming",
    "urllib3",
    "urllib3, streaming",
    "aiohttp",
    "aiohttp, streaming",
    "httpx",
    "httpx2, async, streaming",
}
READERS = [caller for caller in CALLERS if caller.name in NAMES and caller.is_possible]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("caller", READERS, ids=lambda caller: caller.name)
def test_compressed_answer_is_told_whole(caller: Caller, encoding: str, provider: Provider) -> None:
    """Whoever decompresses, the application sees what it would see, and so do we."""
    model = f"m.enc-{encoding}"
    if encoding == "zstd" and not _knows_zstd(caller, provider):
        pytest.skip("the client does not ask for it")
    watcher = Watcher()

    untapped = caller.call(provider.url, model)
    with Taps(watcher):
        tapped = caller.call(provider.url, model)

    assert watcher.faults == []
    assert tapped == untapped
    assert watcher.only.body == provider.last.sent


def _knows_zstd(caller: Caller, provider: Provider) -> bool:
    caller.call(provider.url, "m")
    return "zstd" in provider.last.headers.get("accept-encoding", "")
