"""Responses that nobody closes."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.support.watcher import Watcher


def asked(model: str) -> dict[str, Any]:
    return {"model": model, "messages": [], "stream": True}


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_httpx_response_that_is_never_read_nor_closed_has_no_ending(
    library: str, provider: Provider, watcher: Watcher
) -> None:
    """Nothing is told, and nothing of ours keeps the response alive."""
    module: Any = pytest.importorskip(library)
    with module.Client() as client:
        request = client.build_request("POST", f"{provider.url}/v1/responses", json=asked("m"))
        response = client.send(request, stream=True)
        alive = weakref.ref(response)

        del response
        gc.collect()

        assert alive() is None
        assert watcher.only.status == 200
        assert watcher.only.ending is None


def test_requests_response_that_is_collected_is_closed(
    provider: Provider, watcher: Watcher
) -> None:
    """urllib3 closes a response that nobody holds any more."""
    session = requests.Session()
    url = f"{provider.url}/v1/responses"
    response = session.post(url, json=asked("m.gap-5"), stream=True, timeout=9)
    first = response.raw.read(10)

    del response
    gc.collect()
    session.close()

    assert watcher.only.chunks == [first]
    assert watcher.only.ending == "close"


async def test_aiohttp_response_that_is_never_read_has_no_ending(
    provider: Provider, watcher: Watcher
) -> None:
    """The head was told, and nothing more."""
    aiohttp = pytest.importorskip("aiohttp")
    async with aiohttp.ClientSession() as session:
        url = f"{provider.url}/v1/responses"
        response = await session.post(url, json=asked("m.gap-5"))

        assert watcher.only.status == response.status == 200
        assert watcher.only.ending is None
        response.close()

    assert watcher.only.ending == "close"
