"""The documents of vcrpy and of those who write their recordings alike."""

from __future__ import annotations

from typing import Any

from ..calls import Request, Response
from ._fields import body_bytes, headers_of, status_of

_DEFAULT_PORTS = (("https", 443), ("http", 80))


def recordings(document: Any) -> list[tuple[Any, Any]] | None:
    """Return the pairs of request and response; None where the document is another's.

    `{"interactions": […]}` (vcrpy 1 and later), a bare list (before), `{"requests": […],
    "responses": […]}` (vcrpy's own dictionary, dumped), `{"http_interactions": […]}`.
    """
    pairs = document
    if isinstance(document, dict):
        requests, responses = document.get("requests"), document.get("responses")
        if isinstance(requests, list) and isinstance(responses, list):
            return list(zip(requests, responses, strict=False))
        pairs = document.get("interactions", document.get("http_interactions"))
    if not isinstance(pairs, list) or not all(map(_is_pair, pairs)):
        return None
    return [(pair["request"], pair["response"]) for pair in pairs]


def _is_pair(recorded: Any) -> bool:
    return isinstance(recorded, dict) and {"request", "response"} <= recorded.keys()


def request_of(recorded: dict[str, Any]) -> Request:
    """Return a recorded request."""
    return Request(
        method=str(recorded.get("method") or "GET").upper(),
        url=url_of(recorded),
        headers=headers_of(recorded),
        body=body_bytes(recorded),
    )


def response_of(recorded: dict[str, Any]) -> Response:
    """Return a recorded response."""
    return Response(status_of(recorded), headers_of(recorded), body_bytes(recorded))


def url_of(recorded: dict[str, Any]) -> str:
    """Return the address; before vcrpy 1 it stood in four parts."""
    url = recorded.get("uri", recorded.get("url"))
    if url is not None:
        return str(url)
    scheme, port = str(recorded["protocol"]), recorded.get("port")
    place = f":{port}" if port and (scheme, int(port)) not in _DEFAULT_PORTS else ""
    return f"{scheme}://{recorded['host']}{place}{recorded['path']}"
