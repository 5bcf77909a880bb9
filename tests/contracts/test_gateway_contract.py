"""Over the gateway a client gets what the endpoint says: the same bytes, in the same time."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest
from tests.contracts.test_endpoint_contract import ASKED, TEXT, expected_of
from tests.support.answering import APIS
from tests.support.gateways import Mocked, ask, served

from understudy.calls import Request

if TYPE_CHECKING:
    from understudy.clock import VirtualClock

each_request = pytest.mark.parametrize("asked", list(ASKED))


def _path(url: str) -> str:
    """Return the path of a provider's URL at a gateway, the query with it."""
    recognised = APIS.recognise(Request("POST", url, {}, b"{}"))
    assert recognised is not None
    parts = urlsplit(url)
    return f"/{recognised.provider}{parts.path}" + (f"?{parts.query}" if parts.query else "")


@each_request
def test_a_client_gets_what_the_endpoint_says(asked: str, stopped: VirtualClock) -> None:
    """Byte for byte, each chunk at its moment."""
    url, body = ASKED[asked]
    with stopped.running() as clock:
        mocked = Mocked(clock, "realistic_l3")
        mocked.mock.reply(TEXT)
        sent = json.dumps(body, separators=(",", ":")).encode()
        got = asyncio.run(ask(mocked.gateway, _path(url), sent, clock=clock))

    status, expected, due = expected_of(asked, node_id="")
    assert (got.status, got.body) == (status, expected)
    assert list(got.times) == [round(at, 6) for at in due]
    assert mocked.said == []


def test_over_a_socket_come_the_same_bytes() -> None:
    """On the machine's time, on one connection."""
    mocked = Mocked()
    mocked.mock.reply(TEXT)
    with served(mocked.gateway) as url, httpx2.Client() as client:
        came = [client.post(url + _path(to), json=body).content for to, body in ASKED.values()]

    mocked.tests.forget("")
    mocked.mock.reply(TEXT)

    async def over_asgi() -> list[bytes]:
        sent = [(_path(to), json.dumps(body).encode()) for to, body in ASKED.values()]
        return [(await ask(mocked.gateway, path, body)).body for path, body in sent]

    assert came == asyncio.run(over_asgi())
