"""Redirects: whoever follows them, none of their requests is live in a replay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

from understudy.cassettes.player import CassetteMiss
from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.provider import Provider

TEMPLATE = """
interactions:
- request: {{method: GET, uri: "{url}/old", headers: {{}}, body: ""}}
  response:
    status: {{code: 302, message: Found}}
    headers: {{location: ["{url}/new"], content-length: ["0"]}}
    body: {{string: ""}}
- request: {{method: GET, uri: "{url}/{second}", headers: {{}}, body: ""}}
  response:
    status: {{code: 200, message: OK}}
    headers: {{content-type: [text/plain]}}
    body: {{string: there}}
version: 1
"""


def by_aiohttp(url: str) -> str:
    """Ask by aiohttp, which follows inside of one call."""

    async def ask() -> str:
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return await response.text()

    return asyncio.run(ask())


FOLLOWERS: dict[str, Callable[[str], Any]] = {
    "httpx": lambda url: httpx.get(url, follow_redirects=True).text,
    "httpx2": lambda url: httpx2.get(url, follow_redirects=True).text,
    "requests": lambda url: requests.get(url, timeout=9).text,
    "urllib3": lambda url: urllib3.request("GET", url).data.decode(),
    "aiohttp": by_aiohttp,
}
each_follower = pytest.mark.parametrize("follow", FOLLOWERS.values(), ids=FOLLOWERS)


@each_follower
def test_each_request_is_answered(
    follow: Callable[[str], str], provider: Provider, tmp_path: Path
) -> None:
    """As vcrpy records them, one by one."""
    path = tmp_path / "c.yaml"
    path.write_text(TEMPLATE.format(url=provider.url, second="new"))

    with use_cassette(path, record_mode="none") as cassette:
        assert follow(f"{provider.url}/old") == "there"

    assert cassette.all_played
    assert provider.received == []


@each_follower
def test_request_that_is_not_recorded_is_a_miss(
    follow: Callable[[str], str], provider: Provider, tmp_path: Path
) -> None:
    """The first answer does not open the way out."""
    path = tmp_path / "c.yaml"
    path.write_text(TEMPLATE.format(url=provider.url, second="other"))

    with pytest.raises(CassetteMiss), use_cassette(path, record_mode="none"):
        follow(f"{provider.url}/old")

    assert provider.received == []
