"""What the tap of aiohttp makes of a request, bodies that are read beforehand among them."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from understudy.intercept.clients._aiohttp import _describe, read_upload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def pieces() -> AsyncIterator[bytes]:
    """Yield a body piece by piece."""
    yield b"one "
    yield b"two"


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
        ({"data": pieces()}, b""),
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


@pytest.mark.parametrize("data", [None, b"bytes", "text", bytearray(b"x"), memoryview(b"x")])
async def test_bytes_and_text_stay_what_they_are(data: Any) -> None:
    """There is nothing to read."""
    assert await read_upload(data) is data


@pytest.mark.parametrize(
    ("data", "body", "content_type"),
    [
        (pieces(), b"one two", "application/octet-stream"),
        (BytesIO(b"file"), b"file", "application/octet-stream"),
        ({"a": "1", "b": "x y"}, b"a=1&b=x+y", "application/x-www-form-urlencoded"),
        (aiohttp.JsonPayload([1]), b"[1]", "application/json"),
    ],
    ids=["iterable", "file", "form", "payload"],
)
async def test_upload_is_read_to_its_end(data: Any, body: bytes, content_type: str) -> None:
    """It goes out as it would have, and the tap tells of it."""
    read = await read_upload(data)

    async with aiohttp.ClientSession() as session:
        described = _describe(session, "POST", "http://example.org/", {"data": read})

    assert described.body == body
    assert described.headers["content-type"] == content_type


async def test_large_upload_is_read_without_a_warning() -> None:
    """Of which aiohttp has one for bytes."""
    read = await read_upload(BytesIO(b"x" * (1 << 21)))

    assert read.size == 1 << 21


async def test_form_with_files_keeps_its_boundary() -> None:
    """The header names that of the body."""
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(b"content"), filename="a.txt")

    read = await read_upload(form)

    boundary = read.content_type.partition("boundary=")[2]
    assert read._value.getvalue().startswith(f"--{boundary}".encode())
    assert b"content" in read._value.getvalue()
