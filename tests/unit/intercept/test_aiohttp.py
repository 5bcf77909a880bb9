"""What the tap of aiohttp makes of a request."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from understudy.intercept._aiohttp import _describe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def _pieces() -> AsyncIterator[bytes]:
    yield b"x"


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"json": {"a": "ä"}}, json.dumps({"a": "ä"}).encode()),
        ({"data": b"bytes"}, b"bytes"),
        ({"data": "täxt"}, "täxt".encode()),
        ({"data": bytearray(b"array")}, b"array"),
        ({"data": aiohttp.BytesPayload(b"payload")}, b"payload"),
        ({"data": aiohttp.JsonPayload([1])}, b"[1]"),
        ({"data": BytesIO(b"file")}, b"file"),
        ({"data": _pieces()}, b""),
        ({"data": {"form": "field"}}, b""),
        ({}, b""),
    ],
)
async def test_body_is_never_consumed(options: dict[str, Any], sent: bytes) -> None:
    """What can be had without reading is told; forms, files and iterables are not touched."""
    async with aiohttp.ClientSession() as session:
        described = _describe(session, "post", "http://example.org/", options)

    assert (described.method, described.body) == ("post", sent)
    if isinstance(options.get("data"), BytesIO):
        assert options["data"].read() == b"file"


async def test_request_has_the_sessions_address_and_headers() -> None:
    """Base address, query and default headers are those that go out."""
    async with aiohttp.ClientSession("http://example.org/v1/", headers={"X-A": "1"}) as session:
        options = {"params": {"q": "ä"}, "headers": {"X-B": "2"}}
        described = _describe(session, "POST", "chat", options)

    assert described.url == "http://example.org/v1/chat?q=%C3%A4"
    assert described.headers == {"x-a": "1", "x-b": "2"}
