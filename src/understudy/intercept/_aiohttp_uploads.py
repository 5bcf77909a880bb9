"""Bodies that aiohttp would stream: forms, files and iterables."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any


async def read_upload(data: Any) -> Any:
    """Return `data`, read to its end where it is more than bytes or text."""
    if data is None or isinstance(data, (bytes, bytearray, memoryview, str)):
        return data
    payload = _payload(data)
    sent = _Sent()
    await payload.write(sent)
    # Not as bytes: aiohttp warns of large ones.
    return sys.modules["aiohttp.payload"].BytesIOPayload(
        BytesIO(b"".join(sent.pieces)), headers=payload.headers
    )


def _payload(data: Any) -> Any:
    """Make what aiohttp itself makes of `data`."""
    payload, forms = sys.modules["aiohttp.payload"], sys.modules["aiohttp.formdata"]
    if isinstance(data, forms.FormData):
        return data()
    try:
        return payload.PAYLOAD_REGISTRY.get(data, disposition=None)
    except payload.LookupError:
        return forms.FormData(data)()


class _Sent:
    """Takes what a payload writes."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    async def write(self, data: Any) -> None:
        """Take a piece."""
        self.pieces.append(bytes(data))
