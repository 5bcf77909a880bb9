"""HTTP archives, as browsers and Polly.JS write them."""

from __future__ import annotations

import binascii
import json
from typing import Any

from ._document import body_bytes, header_pairs, status_of
from ._interaction import Headers, Interaction, RecordedRequest, RecordedResponse


def har_entries(document: Any) -> list[dict[str, Any]] | None:
    """Return the entries of an HTTP archive; None where the document is none."""
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    return entries if isinstance(entries, list) else None


def har_interaction(entry: dict[str, Any]) -> Interaction:
    """Return the interaction of an entry.

    Raises:
        AttributeError, KeyError, OverflowError, TypeError, ValueError: the entry is damaged.
    """
    request, response = entry["request"], entry["response"]
    text = (request.get("postData") or {}).get("text")
    content = response.get("content") or {}
    return Interaction(
        RecordedRequest(
            method=request["method"].upper(),
            url=request["url"],
            headers=header_pairs(request),
            body=text.encode() if isinstance(text, str) else b"",
        ),
        RecordedResponse(
            status=status_of(response),
            reason=response.get("statusText") or None,
            headers=_typed(header_pairs(response), content),
            body=_body(content),
        ),
    )


def _typed(headers: Headers, content: dict[str, Any]) -> Headers:
    """Return headers with a type, which may stand beside the content alone."""
    if any(name.lower() == "content-type" for name, _ in headers):
        return headers
    return (("content-type", str(content.get("mimeType", ""))), *headers)


def _body(content: dict[str, Any]) -> bytes:
    text = content.get("text") or ""
    if content.get("encoding") != "base64":
        return body_bytes({"body": text})
    # Polly.JS writes the chunks of a binary body as a JSON array.
    chunks = map(str, json.loads(text)) if text.startswith("[") else [text]
    return b"".join(map(binascii.a2b_base64, chunks))
