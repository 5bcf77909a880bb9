"""What is kept of a client's own exception."""

from __future__ import annotations

import asyncio
import http.client

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

from understudy.cassettes.player._recording import recorded_error
from understudy.playback import Breakage


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("x"), Breakage.CONNECTION_REFUSED),
        (httpx2.ConnectTimeout("x"), Breakage.CONNECTION_REFUSED),
        (httpx.ReadTimeout("x"), Breakage.READ_TIMEOUT),
        (httpx2.RemoteProtocolError("x"), Breakage.PEER_DROP),
        (httpx.ReadError("x"), Breakage.RESET),
        (aiohttp.ServerTimeoutError("x"), Breakage.READ_TIMEOUT),
        (aiohttp.ServerDisconnectedError("x"), Breakage.PEER_DROP),
        (aiohttp.ClientPayloadError("x"), Breakage.PEER_DROP),
        (aiohttp.ClientOSError(104, "x"), Breakage.RESET),
        (TimeoutError("timed out"), Breakage.READ_TIMEOUT),
        (http.client.RemoteDisconnected("x"), Breakage.PEER_DROP),
        (ConnectionResetError(104, "x"), Breakage.RESET),
        (
            urllib3.exceptions.ProtocolError("x", http.client.IncompleteRead(b"")),
            Breakage.PEER_DROP,
        ),
        (urllib3.exceptions.ProtocolError("x", ConnectionResetError(104, "x")), Breakage.RESET),
        (
            requests.ConnectionError(urllib3.exceptions.NewConnectionError(None, "x")),  # type: ignore[arg-type]
            Breakage.CONNECTION_REFUSED,
        ),
    ],
    ids=str,
)
def test_failure_of_a_connection_has_a_kind(error: Exception, kind: Breakage) -> None:
    """Told from the exception or from what caused it, in the words of playback."""
    recorded = recorded_error(error, before_head=True)

    assert recorded is not None
    assert recorded.kind == kind
    assert recorded.before_head
    assert type(error).__name__ in recorded.text


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        asyncio.CancelledError(),
        KeyboardInterrupt(),
        httpx.UnsupportedProtocol("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_other_failures_are_not_kept(error: BaseException) -> None:
    """They are the application's, or nobody's to replay."""
    assert recorded_error(error, before_head=True) is None
