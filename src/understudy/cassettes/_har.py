"""HTTP archives, as browsers and Polly.JS write them."""

from __future__ import annotations

import binascii
import json
from typing import TYPE_CHECKING, Any

from ..calls import Request, Response
from ..errors import CassetteError
from ._fields import body_bytes, headers_of, status_of
from ._recorded import Recorded, RecordedRequest, RecordedResponse

if TYPE_CHECKING:
    import os


def is_har(document: Any) -> bool:
    """Tell whether a document is an HTTP archive."""
    log = document.get("log") if isinstance(document, dict) else None
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def har_request(entry: dict[str, Any]) -> Request:
    """Return the request of an entry."""
    request = entry["request"]
    text = (request.get("postData") or {}).get("text")
    body = text if isinstance(text, str) else ""
    return Request(request["method"].upper(), request["url"], headers_of(request), body.encode())


def har_response(entry: dict[str, Any]) -> Response:
    """Return the response of an entry; its type may stand beside the content alone."""
    response = entry["response"]
    content = response.get("content") or {}
    headers = {"content-type": str(content.get("mimeType", "")), **headers_of(response)}
    return Response(status_of(response), headers, _body(content))


def _body(content: dict[str, Any]) -> bytes:
    text = content.get("text") or ""
    if content.get("encoding") != "base64":
        return body_bytes({"body": text})
    return b"".join(binascii.a2b_base64(chunk) for chunk in _chunks(text))


def _chunks(text: str) -> list[str]:
    """Polly.JS writes the chunks of a binary body as a JSON array."""
    return [str(chunk) for chunk in json.loads(text)] if text.startswith("[") else [text]


def har_recorded(entry: dict[str, Any], place: int, path: str | os.PathLike[str]) -> Recorded:
    """Return entry `place` of the archive at `path`.

    Raises:
        CassetteError: it is damaged.
    """
    try:
        request, response = har_request(entry), har_response(entry)
        status_text = entry["response"].get("statusText")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        msg = f"{path}, interaction {place}: is damaged ({type(error).__name__}: {error})"
        raise CassetteError(msg) from error
    return Recorded(
        RecordedRequest(
            method=request.method,
            url=request.url,
            headers=tuple(request.headers.items()),
            body=request.body,
        ),
        RecordedResponse(
            status=response.status,
            reason=status_text or None,
            headers=tuple(response.headers.items()),
            body=response.body,
        ),
    )
