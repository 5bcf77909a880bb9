"""Answers that are nothing but a head, and answers that nobody watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest
import requests
from tests.support.clients import CALLERS, Caller
from tests.support.watcher import Watcher

from understudy.intercept import Taps

if TYPE_CHECKING:
    from tests.provider import Provider

BARE = {"aiohttp", "aiohttp, streaming", "requests, streaming", "httpx", "httpx2, async, streaming"}


@pytest.mark.parametrize(
    "caller",
    [caller for caller in CALLERS if caller.name in BARE and caller.is_possible],
    ids=lambda caller: caller.name,
)
def test_call_that_nobody_watches_goes_on_as_it_is(caller: Caller, provider: Provider) -> None:
    """The observer may say that it does not care."""
    untapped = caller.call(provider.url, "m")
    watcher = Watcher(ignores=lambda _: True)

    with Taps(watcher):
        tapped = caller.call(provider.url, "m")

    assert tapped == untapped
    assert watcher.watched == []
    assert watcher.faults == []


def test_answer_to_a_head_request_of_requests_ends(provider: Provider, watcher: Watcher) -> None:
    """There is nothing to read."""
    requests.head(provider.url, timeout=9)

    assert (watcher.only.status, watcher.only.chunks) == (204, [])
    assert watcher.only.ending == "end"


async def test_answer_to_a_head_request_of_aiohttp_ends(
    provider: Provider, watcher: Watcher
) -> None:
    """There is nothing to read."""
    async with aiohttp.ClientSession() as session, session.head(provider.url):
        pass

    assert (watcher.only.status, watcher.only.chunks) == (204, [])
    assert watcher.only.ending == "end"


async def test_status_that_aiohttp_turns_into_an_error_is_told(
    provider: Provider, watcher: Watcher
) -> None:
    """With `raise_for_status` the application gets no response; the attempt had one."""
    url = f"{provider.url}/v1/responses"
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        with pytest.raises(aiohttp.ClientResponseError) as caught:
            await session.post(url, json={"model": "m.busy-1"})

    assert watcher.only.status == 429
    assert ("retry-after", "0") in watcher.only.headers
    assert watcher.only.ending is caught.value


async def test_aiohttp_that_does_not_decompress_is_told_so(
    provider: Provider, watcher: Watcher
) -> None:
    """The bytes that the application gets are those that are told."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        url = f"{provider.url}/v1/responses"
        async with session.post(url, json={"model": "m.enc-gzip"}) as response:
            body = await response.read()

    assert watcher.only.decoded is False
    assert b"".join(watcher.only.chunks) == body
    assert watcher.only.body == provider.last.sent
